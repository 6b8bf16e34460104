// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.Errno;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.model.AbsPath;
import org.jns.model.Hook;
import org.jns.model.Plan;
import org.jns.model.Subject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HooksTest {
    private static final Subject ALICE =
            new Subject("alice", 1000, 1001, "users", Set.of(), "/home/alice", "", "sshd", "");
    private static final List<Long> GROUPS = List.of(1001L, 27L);

    private final RecordingSyscalls sys = new RecordingSyscalls();

    HooksTest() {
        sys.directory("/usr", 0755, 0, 0).directory("/usr/lib", 0755, 0, 0).directory("/usr/lib/jns", 0755, 0, 0);
        sys.directory("/dev", 0755, 0, 0).file("/dev/null", 0666, 0, "");
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private static Hook hook(String program, boolean asUser, boolean required, String... arguments) {
        return new Hook(Bench.ORIGIN, AbsPath.of(program), List.of(arguments), 5000, asUser, required);
    }

    private Hooks prepare(Hook... hooks) {
        return new Hooks(sys, new Plan(ALICE, List.of(), List.of(), List.of(hooks), List.of())).open(GROUPS);
    }

    @Test
    void withoutHooksNothingIsDone() {
        try (Hooks hooks = prepare()) {
            assertEquals(Optional.empty(), hooks.run());
        }
        assertEquals("", sys.transcript().toString());
    }

    @Test
    void whatIsNeededIsOpenedBeforeTheView() {
        sys.report("\n").report("\n");
        try (Hooks hooks = prepare(hook("/opt/a", false, true, "x y", "-z"), hook("/opt/b", true, true))) {
            assertEquals(
                    "open /usr/lib/jns DIRECTORY NO_LINKS = 3\nopen /dev/null READ NO_LINKS = 4\n",
                    sys.transcript().toString());
            assertEquals(Optional.empty(), hooks.run());
            assertEquals(List.of(), hooks.notes());
        }
        assertEquals(
                """
                open /usr/lib/jns DIRECTORY NO_LINKS = 3
                open /dev/null READ NO_LINKS = 4
                run 3/ 4 [jns-hook, 5000, root, alice, 1000, sshd, /opt/a, x y, -z] 6500 ms = answer
                run 3/ 4 [jns-hook, 5000, 1000:1001:1001,27, alice, 1000, sshd, /opt/b] 6500 ms = answer
                close 3
                close 4
                """,
                sys.transcript().toString());
    }

    @Test
    void theFirstThatFailsIsTheLast() {
        sys.report("\n").report("its exit status is 7\nno\nroom\n").report("\n");
        Hook second = hook("/opt/b", false, true);
        try (Hooks hooks = prepare(hook("/opt/a", false, true), second, hook("/opt/c", false, true))) {
            Hooks.Failed failed = hooks.run().orElseThrow();
            assertSame(second, failed.hook());
            assertEquals("cannot run /opt/b: its exit status is 7; it said: no / room", failed.why());
        }
        assertTrue(
                !sys.transcript().toString().contains("/opt/c"),
                sys.transcript().toString());
    }

    @Test
    void oneThatMayFailIsAWarning() {
        sys.report("it has not ended within 5000 ms\n").report("\ndone\n");
        try (Hooks hooks = prepare(hook("/opt/a", false, false), hook("/opt/b", false, true))) {
            assertEquals(Optional.empty(), hooks.run());
            assertEquals(List.of("cannot run /opt/a: it has not ended within 5000 ms"), hooks.warnings());
            assertEquals(List.of("/opt/b said: done"), hooks.notes());
        }
    }

    @Test
    void noAnswerIsAFailure() {
        try (Hooks hooks = prepare(hook("/opt/a", false, true))) {
            assertEquals(
                    "cannot run /opt/a: jns-hook has given no answer",
                    hooks.run().orElseThrow().why());
        }
    }

    /** An answer that is cut, or from another program, must not count as success. */
    @ParameterizedTest
    @ValueSource(strings = {"", "x", "its exit status is 7"})
    void answerWithoutItsFirstLineIsAFailure(String answer) {
        sys.report(answer);
        try (Hooks hooks = prepare(hook("/opt/a", false, true))) {
            assertTrue(hooks.run().isPresent());
        }
    }

    @Test
    void startThatFailsIsAFailure() {
        sys.transcript().fail("run", 1, Errno.EAGAIN);
        try (Hooks hooks = prepare(hook("/opt/a", false, true))) {
            String why = hooks.run().orElseThrow().why();
            assertTrue(why.startsWith("cannot run /opt/a: Resource temporarily unavailable (run"), why);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void whatCannotBeOpenedIsToldBeforeTheView(int nth) {
        sys.transcript().fail("open", nth, Errno.ENOENT);
        Plan plan = new Plan(ALICE, List.of(), List.of(), List.of(hook("/opt/a", false, true)), List.of());
        try (Hooks hooks = new Hooks(sys, plan)) {
            assertThrows(SyscallException.class, () -> hooks.open(GROUPS));
        }
    }

    @Test
    void whatAProgramSaysIsMadePrintableAndShort() {
        sys.report("its exit status is 1\n\u001b[31mred\u202e\r\n\n" + "x".repeat(900) + "\nthird\nfourth\n");
        try (Hooks hooks = prepare(hook("/opt/a", false, true))) {
            assertEquals(
                    "cannot run /opt/a: its exit status is 1; it said: \\u001b[31mred\\u202e / " + "x".repeat(200)
                            + "... / third",
                    hooks.run().orElseThrow().why());
        }
    }
}
