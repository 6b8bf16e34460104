// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.jnsenter.EnterFacts.Found;
import org.jns.model.NamespaceKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnterRecipeTest {
    private static final Account ROOT = new Account("root", 0, 0, List.of(0L), "/root", "/bin/bash");
    private static final Account ALICE =
            new Account("alice", 1001, 1001, List.of(1001L, 27L), "/home/alice", "/bin/zsh");
    private static final Account NOBODY_KNOWN = new Account("", 4711, 0, List.of(), "", "");
    private static final Found VIEW = new Found.Spaces(List.of(NamespaceKind.MOUNT));
    private static final Found ISOLATED =
            new Found.Spaces(List.of(NamespaceKind.MOUNT, NamespaceKind.UTS, NamespaceKind.PID));
    private static final Found NOTHING = new Found.Nothing();

    private static EnterRequest request(String line) throws Getopt.Misuse {
        return EnterOptions.read(List.of(line.split(" ")), false).request().orElseThrow();
    }

    private static EnterFacts facts(Account caller, Found found, Account become) {
        return new EnterFacts(
                caller,
                found,
                Optional.ofNullable(become),
                OptionalLong.empty(),
                Optional.of("/bin/fish"),
                Optional.of("xterm"));
    }

    private static String plan(String line, Found found, Account become) throws Getopt.Misuse {
        return EnterRecipe.plan(request(line), facts(ROOT, found, become)).toString();
    }

    @Test
    void aViewByName() throws Getopt.Misuse {
        assertEquals(
                """
                enter 1 0
                fork pid all 0
                wd-stay
                argv 2 ls -l
                exec ls
                """,
                plan("alice ls -l", VIEW, null));
    }

    @Test
    void aShellIsTheCallersAndBeginsAsALoginShellDoes() throws Getopt.Misuse {
        assertTrue(plan("alice", VIEW, null).endsWith("argv 1 -fish\nexec /bin/fish\n"));
        assertTrue(plan("alice -S alice", VIEW, ALICE).endsWith("argv 1 -zsh\nexec /bin/zsh\n"));
    }

    @Test
    void aViewWithMoreOfItsOwn() throws Getopt.Misuse {
        assertTrue(plan("alice true", ISOLATED, null).startsWith("enter 3 0 1 2\n"));
        assertTrue(plan("alice -a true", ISOLATED, null).startsWith("enter 3 0 1 2\n"));
        assertTrue(plan("alice -u true", ISOLATED, null).startsWith("enter 1 1\n"));
        assertTrue(plan("alice -n/x true", ISOLATED, null).startsWith("open 3 - /x net\nenter 4 0 1 3 2\n"));
        String why = assertThrows(Getopt.Misuse.class, () -> plan("alice -n true", ISOLATED, null))
                .getMessage();
        assertEquals("cannot enter the net namespace of the view: it has none of its own, and is in the host's", why);
    }

    @Test
    void whoeverIsBecomeHasTheirOwnGroupsAndATerminalOfTheirOwn() throws Getopt.Misuse {
        assertEquals(
                """
                apart 0
                pty apart 1001 0
                enter 1 0
                fork pid all 0
                groups 2 1001 27
                gid 1001
                uid 1001
                wd-stay
                argv 1 id
                exec id
                """,
                plan("alice -S alice id", VIEW, ALICE));
        assertFalse(plan("alice -S alice --no-pty id", VIEW, ALICE).contains("pty"));
        assertTrue(plan("alice --pty id", VIEW, null).startsWith("pty always -1 0\n"));
    }

    @Test
    void aNumberThatNobodyHasNeedsAGroup() throws Getopt.Misuse {
        String why = assertThrows(Getopt.Misuse.class, () -> plan("alice -S 4711 id", VIEW, NOBODY_KNOWN))
                .getMessage();
        assertEquals("cannot become user 4711: the user database does not say of which group; add -G", why);
        EnterFacts facts = new EnterFacts(
                ROOT, VIEW, Optional.of(NOBODY_KNOWN), OptionalLong.of(5), Optional.empty(), Optional.empty());
        assertTrue(EnterRecipe.plan(request("alice -S 4711 -G 5 id"), facts)
                .toString()
                .contains("groups 0\ngid 5\nuid 4711\n"));
    }

    @Test
    void aGroupAloneDropsTheOthers() throws Getopt.Misuse {
        EnterFacts facts =
                new EnterFacts(ROOT, VIEW, Optional.empty(), OptionalLong.of(5), Optional.empty(), Optional.empty());
        assertTrue(EnterRecipe.plan(request("alice -G 5 id"), facts)
                .toString()
                .contains("groups 0\ngid 5\nwd-stay\nargv"));
    }

    @Test
    void aLogin() throws Getopt.Misuse {
        assertEquals(
                """
                apart 0
                pty apart 1001 0
                enter 1 0
                env-clear
                env HOME=/home/alice
                env USER=alice
                env LOGNAME=alice
                env SHELL=/bin/zsh
                env PATH=/usr/local/bin:/usr/bin:/bin
                env TERM=xterm
                env A=b
                fork pid all 0
                groups 2 1001 27
                gid 1001
                uid 1001
                wd-try /home/alice
                argv 1 -zsh
                exec /bin/zsh
                """,
                plan("alice --login --env A=b", VIEW, ALICE));
    }

    @Test
    void whatNsenterHasOfAProcess() throws Getopt.Misuse {
        assertEquals(
                """
                process 0 1 1234 77
                open 2 0 ns/mnt mnt
                open 3 0 ns/net net
                open 4 0 root dir
                open 5 - /srv dir
                cgroup-of 6 0
                trusted 2 -
                trusted-of 0 -
                trusted-cgroup 6 -1 -
                enter 2 2 3
                root 4
                wd 5
                environ 0 default
                cgroup 6
                fork pid all 0
                argv 1 -fish
                exec /bin/fish
                """,
                plan("-t 1234:77 -mn -r -w/srv -c -e".replace("-mn", "-m -n"), NOTHING, null));
    }

    @Test
    void allOfAProcess() throws Getopt.Misuse {
        assertEquals(
                """
                process 0 1 5 0
                open-if 2 0 ns/mnt mnt
                open-if 3 0 ns/uts uts
                open-if 4 0 ns/ipc ipc
                open 5 - /n net
                open-if 6 0 ns/pid pid
                open-if 7 0 ns/cgroup cgroup
                open-if 8 0 ns/user user
                skip-own 8 user
                open-if 9 0 ns/time time
                trusted 2 8
                apart 1 8
                pty apart -1 1 8
                drop-groups 8
                enter 8 2 3 4 5 6 7 8 9
                groups 0
                gid 7
                default-ids uid
                argv 1 true
                exec true
                """,
                EnterRecipe.plan(
                                request("-t 5 -a -n/n -F -G 7 true"),
                                new EnterFacts(
                                        ROOT,
                                        NOTHING,
                                        Optional.empty(),
                                        OptionalLong.of(7),
                                        Optional.empty(),
                                        Optional.empty()))
                        .toString());
    }

    @Test
    void aProcessOnItsOwnIsAllOfIt() throws Getopt.Misuse {
        assertEquals(plan("-t 5 -a true", NOTHING, null), plan("pid:5 true", NOTHING, null));
        assertEquals(plan("-t 5 -a true", NOTHING, null), plan("5 true", NOTHING, null));
    }

    @Test
    void aUnitIsHeldByItsPidfd() throws Getopt.Misuse {
        assertTrue(plan("unit:cron -m true", new Found.Held(99), null)
                .startsWith("process 1 0 99 0\nopen 2 1 ns/mnt mnt\n"));
    }

    @Test
    void theSocketsNetworkAndTheOwnersUsers() throws Getopt.Misuse {
        assertTrue(plan("-t 5 -N 3 --user-parent --no-pty true", NOTHING, null)
                .startsWith(
                        "process 0 1 5 0\nsocket-netns 2 1 3\nowner-of 3 2\napart 1 3\ndrop-groups 3\nenter 2 2 3\n"));
        assertTrue(
                plan("-t 5 -U --user-parent --no-pty true", NOTHING, null)
                        .startsWith(
                                "process 0 1 5 0\nopen 2 0 ns/user user\nparent-of 2 2\napart 1 2\ndrop-groups 2\nenter 1 2\n"));
    }

    @Test
    void idsInAnotherUserNamespaceAreRootsUnlessTheyAreLeftAlone() throws Getopt.Misuse {
        assertTrue(plan("-t 5 -U true", NOTHING, null).contains("default-ids both\n"));
        assertFalse(plan("-t 5 -U --preserve-credentials true", NOTHING, null).contains("ids"));
        assertTrue(plan("-t 5 -U --keep-caps true", NOTHING, null).contains("default-ids both\nkeep-caps-inside\n"));
        // The numbers are that namespace's.
        assertTrue(plan("-t 5 -U -S 4711 true", NOTHING, NOBODY_KNOWN).contains("groups 0\ngid 0\nuid 4711\n"));
    }

    @Test
    void aFileThatMayTurnOutToBeAUserNamespace() throws Getopt.Misuse {
        assertEquals(
                """
                open 0 - /x ns
                trusted 0 -
                apart 1 0
                pty apart -1 1 0
                drop-groups 0
                enter 1 0
                fork pid all 0
                default-ids both
                argv 1 true
                exec true
                """,
                plan("/x true", NOTHING, null));
    }

    @Test
    void follow() throws Getopt.Misuse {
        assertTrue(plan("-t 5 -m -S follow true", NOTHING, null).contains("groups 0\ngid-of 0\nuid-of 0\n"));
        assertTrue(plan("-t 5 -m -S follow true", NOTHING, null).contains("apart 0\npty apart -1 0\n"));
        assertTrue(plan("-t 5 -m -G follow true", NOTHING, null).contains("groups 0\ngid-of 0\nargv"));
    }

    @Test
    void mountsThatAUserChoseAreTrustedOnlyIfRootSaysSo() throws Getopt.Misuse {
        assertTrue(plan("-m/x true", NOTHING, null).contains("trusted 0 -\n"));
        assertTrue(plan("/x true", NOTHING, null).contains("trusted 0 -\n"));
        assertFalse(plan("/x --trust-mounts true", NOTHING, null).contains("trusted"));
        assertTrue(plan("alice -m/x true", VIEW, null).contains("trusted"));
        assertFalse(plan("alice -m true", VIEW, null).contains("trusted"));
        assertFalse(EnterRecipe.plan(request("/x true"), facts(ALICE, NOTHING, null))
                .toString()
                .contains("trusted"));
    }

    /** [A4]. */
    @Test
    void whatIsTakenFromAProcessIsTrustedOnlyIfItIsTheCommandsUsers() throws Getopt.Misuse {
        for (String option : List.of("-r", "-w", "-e", "-Z")) {
            assertTrue(plan("-t 5 -u " + option + " true", NOTHING, null).contains("trusted-of 0 -\n"));
            assertFalse(plan("-t 5 -u --trust-mounts " + option + " true", NOTHING, null)
                    .contains("trusted"));
            assertTrue(EnterRecipe.plan(request("-t 5 -u " + option + " true"), facts(ALICE, NOTHING, null))
                    .toString()
                    .contains("trusted-of 0 -\n"));
        }
        assertFalse(plan("-t 5 -u -r/srv -w/srv true", NOTHING, null).contains("trusted"));
        assertTrue(plan("-t 5 -U -r true", NOTHING, null).contains("trusted-of 0 2\n"));
        assertTrue(plan("-t 5 -e -S alice true", NOTHING, ALICE).contains("environ 0 1001\n"));
        assertTrue(plan("-t 5 -e -S follow true", NOTHING, null).contains("environ 0 any\n"));
        assertFalse(plan("-t 5 -e -S follow true", NOTHING, null).contains("trusted"));
        assertTrue(plan("-t 5 -e -U --preserve-credentials true", NOTHING, null).contains("environ 0 caller\n"));
        assertTrue(plan("-t 5 -c -S alice true", NOTHING, ALICE).contains("trusted-cgroup 2 1001 -\n"));
        assertFalse(plan("-t 5 -c -S follow true", NOTHING, null).contains("trusted"));
    }

    @Test
    void calledAsNsenter() throws Getopt.Misuse {
        EnterRequest request = EnterOptions.read(List.of("-t", "5", "-m", "-U", "-r", "-e", "-S", "7", "alice"), true)
                .request()
                .orElseThrow();
        assertEquals(
                """
                process 0 1 5 0
                open 2 0 ns/mnt mnt
                open 3 0 ns/user user
                open 4 0 root dir
                drop-groups 3
                enter 2 2 3
                root 4
                environ 0 any
                fork pid all 0
                uid 4711
                argv 1 alice
                exec alice
                """,
                EnterRecipe.plan(request, facts(ROOT, NOTHING, NOBODY_KNOWN)).toString());
        assertEquals(
                List.of("alice"),
                EnterOptions.read(List.of("-m/x", "alice"), true)
                        .request()
                        .orElseThrow()
                        .command());
        assertThrows(Getopt.Misuse.class, () -> EnterOptions.read(List.of("alice"), true));
    }

    @Test
    void outToTheHost() throws Getopt.Misuse {
        assertTrue(plan("--host ls", ISOLATED, null)
                .startsWith("skip-own 1 uts\nskip-own 2 pid\nenter 3 0 1 2\nfork pid all 0\nwd-stay\n"));
        assertTrue(plan("--host -m ls", ISOLATED, null).contains("enter 1 0\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t 1 true",
                "alice -t 1",
                "alice --host",
                "-t 1 -t 2 -m true",
                "-c alice",
                "-e alice",
                "-Z alice",
                "-w alice",
                "-r alice",
                "-N 3 alice",
                "alice -S follow",
                "-t 5 -w/ -W/ true",
                "-t 5 -W true",
                "-t 5 -N x true",
                "-t 5 -N 3 -n true",
                "alice --login -e",
                "-t 0 -m true",
                "-t x -m true",
                "-t 5:x -m true",
                "session: true",
                "other:x true",
                "--host -U true",
                "/x -n true",
                "alice --env=x",
                "-t 5 --login -e -m true",
                "-a alice --user-parent -e",
                "-t 5 --user-parent -e true",
            })
    void whatCannotBeMeant(String line) {
        String why = assertThrows(Getopt.Misuse.class, () -> plan(line, NOTHING, null))
                .getMessage();
        assertFalse(why.isEmpty());
    }

    @Test
    void theFirstOperandIsTheTargetUnlessAnOptionNamesOne() throws Getopt.Misuse {
        assertEquals(new Target.User("alice"), request("-S 0 alice -m ls -m").target());
        assertEquals(List.of("ls", "-m"), request("-S 0 alice -m ls -m").command());
        assertEquals(List.of("alice", "-m"), request("-t 5 -m alice -m").command());
        assertEquals(List.of("alice"), request("--net=/x alice").command());
        assertEquals(List.of("alice"), request("--host alice").command());
        assertEquals(List.of("-x"), request("alice -- -x").command());
        assertEquals(new Target.User("alice"), request("-- alice -x").target());
    }

    /** [A9] An option with two values is an error, instead of one of them being used. */
    @Test
    void twoValuesAreRefused() throws Getopt.Misuse {
        for (String line : List.of(
                "alice -S 1 -S 2 true",
                "alice -G 1 --setgid=2 true",
                "alice -w/a -w/b true",
                "alice -W/a --wdns=/b true",
                "alice -r/a -r/b true",
                "-t 5 -r -r/b true",
                "-t 5 -N 3 -N 4 true",
                "alice -m/a -m/b true",
                "-t 5 -n -n/x true",
                "alice --pty --no-pty true",
                "-t 5 -t 6 true")) {
            String why = assertThrows(Getopt.Misuse.class, () -> request(line)).getMessage();
            assertTrue(
                    why.endsWith("with different values; leave one of them out")
                            || why.contains("exclude each other")
                            || why.contains("more than one target"),
                    why);
        }
        assertEquals(
                request("alice -S 1 -w/a --pty true"), request("alice -S 1 --setuid=1 -w/a -w/a --pty --pty true"));
        assertEquals(
                List.of("A=1", "A=2"), request("alice --env=A=1 --env=A=2 true").variables());
        EnterRequest asNsenter = EnterOptions.read(
                        List.of("-m", "-t", "5", "-t", "6", "-S", "1", "-S", "2", "true"), true)
                .request()
                .orElseThrow();
        assertEquals(Optional.of("2"), asNsenter.uid());
    }

    @Test
    void targets() throws Getopt.Misuse {
        assertEquals(new Target.User("pid"), request("pid").target());
        assertEquals(new Target.User("12a"), request("12a").target());
        assertEquals(new Target.User("session"), request("user:session").target());
        assertEquals(
                new Target.Session("0123456789abcdef"),
                request("session:0123456789abcdef").target());
        assertEquals(
                new Target.View("1001.0123456789abcdef"),
                request("view:1001.0123456789abcdef").target());
        assertEquals(
                new Target.Unit("a@b:c.service"), request("unit:a@b:c.service").target());
        assertEquals(new Target.Process("7", "0"), request("7").target());
        assertEquals(new Target.Process("7", "9"), request("pid:7:9").target());
        assertEquals(new Target.File("./user:x"), request("./user:x").target());
    }
}
