// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jns.linux.Fd;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.Position;
import org.jns.model.Problem;
import org.jns.model.RuleSet;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** [C4] Rules are planned for real users before they are in force. */
class PreflightTest {
    /** The content of the answer is tested, on a machine that may be busy. */
    private static final long PATIENCE_MS = 60_000;

    @TempDir
    Path etc;

    private final StringBuilder passwd =
            new StringBuilder("root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/usr/sbin:/usr/sbin/nologin\n");
    private final StringBuilder group = new StringBuilder();
    private RecordingSyscalls sys;

    @BeforeEach
    void host() {
        sys = newHost();
    }

    private static RecordingSyscalls newHost() {
        RecordingSyscalls host = new RecordingSyscalls();
        for (String path : List.of("/tmp", "/opt", "/home", "/usr", "/usr/sbin")) {
            host.directory(path, 0755, 0, 0);
        }
        host.directory("/home/alice", 0755, 1000, 1000)
                .directory("/home/alice/work", 0755, 1000, 1000)
                .directory("/home/bob", 0755, 1001, 1001);
        return host;
    }

    private void user(String name, int uid) {
        passwd.append(name)
                .append(":x:")
                .append(uid)
                .append(':')
                .append(uid)
                .append("::/home/")
                .append(name)
                .append(":/bin/bash\n");
    }

    private static RuleSet rules(String text) {
        Parsed parsed = RulesParser.parse(List.of(new RulesSource("a.conf", text.getBytes(StandardCharsets.UTF_8))));
        assertFalse(parsed.hasErrors(), parsed.problems().toString());
        return parsed.rules();
    }

    private Forecast forecast(
            String rules, Optional<String> before, List<Preflight.Open> open, Supplier<Syscalls> tools) {
        return forecast(rules, before, open, tools, PATIENCE_MS);
    }

    private Forecast forecast(
            String rules,
            Optional<String> before,
            List<Preflight.Open> open,
            Supplier<Syscalls> tools,
            long milliseconds) {
        try {
            Files.writeString(etc.resolve("passwd"), passwd);
            Files.writeString(etc.resolve("group"), group);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Preflight.Question question = new Preflight.Question(
                rules(rules),
                before.map(PreflightTest::rules),
                Admission.NONE,
                List.of(AbsPath.of("/var/lib/jns")),
                open,
                false);
        return Preflight.of(question, tools, LocalAccounts.read(etc), milliseconds);
    }

    private Forecast forecast(String rules) {
        return forecast(rules, Optional.empty(), List.of(), () -> sys);
    }

    private static List<String> told(Forecast forecast) {
        return forecast.problems(new Position("rules.d", 1, 1)).stream()
                .map(Problem::toString)
                .toList();
    }

    private static final String TWICE =
            "[a]\naction = private\ntarget = /tmp\n[b]\naction = tmpfs\ntarget = /tmp\nexcept = user:root\n";

    @Test
    void twoRulesForOneTargetRefuseEverybody() {
        user("alice", 1000);
        user("bob", 1001);
        Forecast forecast = forecast(TWICE);
        assertFalse(forecast.isGood());
        // One login represents all with the same rules.
        assertEquals(1, forecast.tried());
        assertEquals(
                List.of(
                        "a.conf:4:1: alice would be refused: cannot use target /tmp twice: rule [a] a.conf:1 has it already; change the target or who the rules are for"),
                told(forecast));
    }

    @Test
    void whoeverIsNamedIsTried() {
        user("alice", 1000);
        user("bob", 1001);
        user("carol", 1002);
        group.append("staff:x:50:carol\n");
        Forecast forecast =
                forecast("[a]\naction = private\ntarget = ${home}/work\nonly = user:alice, user:bob, group:staff\n");
        assertEquals(3, forecast.tried());
        List<String> told = told(forecast);
        assertTrue(told.get(0).startsWith("a.conf:1:1: bob would be refused: cannot"), told.toString());
        // A missing home may be made by the login itself.
        assertTrue(told.get(1).startsWith("a.conf:1:1: warning: carol would be refused: cannot"), told.toString());
        assertEquals("bob", forecast.shutOut().get(0).who());
    }

    /** A user whose folder is missing is refused, although another user with the same rules gets in. */
    @Test
    void whereEachHasAPathOfTheirOwnMoreThanOneIsTried() {
        user("alice", 1000);
        user("bob", 1001);
        Forecast forecast = forecast("[a]\naction = private\ntarget = ${home}/work\nexcept = user:root\n");
        assertEquals(
                List.of("bob"),
                forecast.shutOut().stream().map(Forecast.Refused::who).toList());
        for (int i = 0; i < 1000; i++) {
            user("u" + i, 2000 + i);
        }
        assertTrue(forecast("[a]\naction = private\ntarget = ${home}/work\nexcept = user:root\n")
                        .tried()
                <= 51);
    }

    @Test
    void serversAccountsAreNoReasonIfTheyLackWhatUsersHave() {
        Forecast forecast = forecast("[a]\naction = private\ntarget = ${home}/work\nexcept = user:root\n");
        assertTrue(forecast.isGood());
        assertEquals(1, forecast.refused().size());
        assertFalse(forecast(TWICE).isGood(), "it is nobody's fault that there are no users");
    }

    @Test
    void whoIsRefusedAsItIsIsNoReason() {
        user("alice", 1000);
        user("bob", 1001);
        String before = "[a]\naction = private\ntarget = ${home}/work\nonly = user:alice, user:bob\n";
        Forecast forecast =
                forecast(before + "[b]\naction = hide\ntarget = /opt\n", Optional.of(before), List.of(), () -> sys);
        assertTrue(forecast.isGood(), "bob could keep every change out by what he has in his home");
        assertTrue(told(forecast).get(0).startsWith("a.conf:1:1: bob would be refused"));
    }

    @Test
    void whoHasAViewIsTriedByTheSameService() {
        user("alice", 1000);
        String rules = "[a]\naction = hide\ntarget = /none\nonly = service:ssh?\n";
        assertEquals(0, forecast(rules).tried());
        Forecast forecast = forecast(rules, Optional.empty(), List.of(new Preflight.Open("alice", "sshd")), () -> sys);
        assertEquals(
                List.of("alice by sshd"),
                forecast.shutOut().stream().map(Forecast.Refused::who).toList());
    }

    @Test
    void servicesThatRulesNameAreTried() {
        user("alice", 1000);
        assertEquals(
                "alice by sshd",
                forecast("[a]\naction = hide\ntarget = /none\nonly = service:sshd\n")
                        .shutOut()
                        .get(0)
                        .who());
    }

    /** A thousand rules and ten thousand users: one login for each different selection is planned, and no more. */
    @Test
    void theWorkIsBounded() {
        StringBuilder rules = new StringBuilder("[all]\naction = private\ntarget = /tmp\n");
        for (int i = 0; i < 999; i++) {
            rules.append("[r")
                    .append(i)
                    .append("]\naction = hide\ntarget = /opt\nonly = uid:")
                    .append(20_000 + i % 50)
                    .append('-')
                    .append(20_000 + i % 50)
                    .append('\n');
        }
        for (int i = 0; i < 10_000; i++) {
            user("u" + i, 20_000 + i);
        }
        AtomicInteger made = new AtomicInteger();
        long began = System.nanoTime();
        Forecast forecast = forecast(rules.toString(), Optional.empty(), List.of(), () -> {
            made.incrementAndGet();
            return newHost();
        });
        // Fifty users have separate rules; all the others have the one for everybody.
        assertEquals(51, forecast.tried(), () -> told(forecast).toString());
        assertEquals(50, forecast.shutOut().size());
        assertEquals(1, made.get());
        assertTrue(System.nanoTime() - began < 50_000_000_000L);
    }

    @Test
    void timeThatIsOverIsTold() {
        user("alice", 1000);
        Forecast forecast = forecast(TWICE, Optional.empty(), List.of(), () -> sys, 0);
        assertTrue(forecast.isGood());
        assertTrue(
                forecast.doubt().startsWith("could not find out about everybody: ")
                        && forecast.doubt().contains("time was over"),
                forecast.doubt());
    }

    /** A dead file server causes no refusal, and the other logins are planned. */
    @Test
    void whatHangsIsNoRefusal() throws Exception {
        user("alice", 1000);
        user("bob", 1001);
        CountDownLatch dead = new CountDownLatch(1);
        class Hanging extends RecordingSyscalls {
            @Override
            public Fd open(Optional<Fd> folder, String path, OpenAs as, Walk walk) {
                if (path.startsWith("/home/alice")) {
                    try {
                        dead.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                return super.open(folder, path, as, walk);
            }
        }
        long began = System.nanoTime();
        Forecast forecast = forecast(
                "[a]\naction = private\ntarget = ${home}/work\nonly = user:alice, user:bob\n",
                Optional.empty(),
                List.of(),
                () -> {
                    Hanging host = new Hanging();
                    for (String path : List.of("/home", "/home/bob")) {
                        host.directory(path, 0755, 0, 0);
                    }
                    return host;
                },
                30_000);
        dead.countDown();
        assertTrue(System.nanoTime() - began < 50_000_000_000L);
        assertEquals(List.of("alice: its folders do not answer in time"), forecast.unknown());
        assertEquals(
                List.of("bob"),
                forecast.refused().stream().map(Forecast.Refused::who).toList());
        assertTrue(forecast.doubt().startsWith("could not find out about everybody: alice"));
    }

    @Test
    void lastLinesWithoutEndAndBrokenLinesAreRead() {
        user("alice", 1000);
        passwd.append("broken\n:x:1:1:::\nx:y:z\n")
                .append("dave:x:99999999999:1::/:/bin/sh\nerin:x:1005:1005::/home/erin:/bin/sh");
        forecast(TWICE);
        assertEquals(
                List.of("root", "daemon", "alice", "erin"),
                LocalAccounts.read(etc).all().stream().map(Account::name).toList());
    }
}
