// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.jnsenter.EnterFacts.Found;
import org.jns.jnsenter.Units.Seen;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.NameService;
import org.jns.state.SeenProcess;
import org.jns.state.Session;
import org.jns.state.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests what the names on a command line mean. */
class LookUpsTest {

    @ParameterizedTest
    @CsvSource({
        "0::/system.slice/cron.service, true",
        "0::/cron.service, true",
        "0::/a.slice/a-b.slice/cron.service/sub/deeper, true",
        "0::/user.slice/user-1001.slice/user@1001.service/app.slice/cron.service, false",
        "0::/user.slice/user-1001.slice/session-3.scope/cron.service, false",
        "0::/system.slice/other.service/cron.service, false",
        "0::/system.slice/cron.service2, false",
        "0::/, false",
        "'4:memory:/system.slice/cron.service\n1:name=systemd:/system.slice/other.service', false",
        "'4:memory:/\n1:name=systemd:/system.slice/cron.service\n0::/', true",
    })
    void aUnitByWhatTheKernelSaysOfAProcess(String cgroups, boolean expected) {
        assertEquals(expected, Units.isOf("cron.service", cgroups));
    }

    @Test
    void aSliceIsAUnitToo() {
        assertEquals(true, Units.isOf("a.slice", "0::/a.slice/a-b.slice/x.service"));
    }

    @Test
    void theMainProcessIsTheOldestWhoseParentIsOutside() {
        Seen main = new Seen(50, 1, 300);
        assertEquals(
                Optional.of(main),
                Units.oldest(List.of(new Seen(10, 50, 310), main, new Seen(60, 1, 400), new Seen(70, 10, 100))));
        assertEquals(Optional.empty(), Units.oldest(List.of()));
    }

    @Test
    void nothingRunsInAUnitThatThereIsNot() {
        LinuxSyscalls sys = new LinuxSyscalls(LinuxSyscalls.openProc());
        assertEquals(Optional.empty(), new Units(sys, LinuxSyscalls.openProc()).main("no-such-unit"));
    }

    @Test
    void numbersAndNames() throws Getopt.Misuse {
        Accounts accounts = new Accounts(new NameService());
        assertEquals("root", accounts.of("0", false).name());
        assertEquals(0, accounts.of("root", false).uid());
        assertEquals("", accounts.of("0", true).name());
        assertEquals(new Account("", 4294967294L, 0, List.of(), "", ""), accounts.numbered(4294967294L));
        assertEquals(0, accounts.group("root"));
        assertEquals(
                "4294967295 is no id",
                assertThrows(Getopt.Misuse.class, () -> accounts.of("4294967295", false))
                        .getMessage());
        assertEquals(
                "there is no user no-such",
                assertThrows(Getopt.Misuse.class, () -> accounts.of("no-such", false))
                        .getMessage());
        assertEquals(
                "there is no group no-such",
                assertThrows(Getopt.Misuse.class, () -> accounts.group("no-such"))
                        .getMessage());
    }

    private static View view(String id) {
        return new View(id, "alice", 1001, 1, "", List.of(), List.of(), List.of(), 0);
    }

    @Test
    void whereThereIsMoreThanOneViewTheyAreListed() {
        Session one =
                new Session("00000000000000aa", "alice", 1001, "sshd", "pts/1", new SeenProcess(1, 1), "1001.1", 0);
        Session other =
                new Session("00000000000000bb", "alice", 1001, "cron\u001b", "", new SeenProcess(1, 1), "1001.1", 0);
        assertEquals(
                """
                cannot choose a view of alice: there are 2; name one of
                  session:00000000000000aa  by sshd on pts/1
                  session:00000000000000bb  by cron\\u001b
                  view:1001.2  no session is in it
                """,
                Choice.list("alice", List.of(view("1001.1"), view("1001.2")), List.of(other, one)));
    }

    private static String guest(String line) throws Getopt.Misuse {
        Account alice = new Account("alice", 1001, 1001, List.of(1001L), "/home/alice", "/bin/zsh");
        EnterFacts facts = new EnterFacts(
                alice, new Found.Nothing(), Optional.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());
        return Guest.recipe(
                        EnterOptions.read(List.of(line.split(" ")), false)
                                .request()
                                .orElseThrow(),
                        facts)
                .toString();
    }

    @Test
    void whoIsNotRootAsksTheHelperForTheirOwn() throws Getopt.Misuse {
        assertEquals("env A=b\nargv 2 ls -l\njoin view  ls\n", guest("alice --env A=b ls -l"));
        assertEquals("argv 1 -zsh\njoin session 00aa /bin/zsh\n", guest("session:00aa"));
        for (String line : List.of(
                "bob ls",
                "unit:cron ls",
                "--host ls",
                "view:1001.1 ls",
                "alice -S root ls",
                "alice -n/x ls",
                "alice -r/ ls",
                "alice --pty ls")) {
            assertThrows(Getopt.Misuse.class, () -> guest(line), line);
        }
    }
}
