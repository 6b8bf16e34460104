// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.NamespaceKind;
import org.jns.model.Plan;
import org.jns.model.Question;
import org.jns.model.Spaces;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnSpacesTest {
    private static final Subject ALICE =
            new Subject("alice", 1000, 1001, "users", Set.of(), "/home/alice", "", "sshd", "");
    private static final int LEADER = 4711;
    private static final Step PROC =
            new Step.Proc(Bench.ORIGIN, AbsPath.of("/proc"), Optional.empty(), false, MountFlags.NONE);
    private static final Step ON_PROC = new Step.Hide(Bench.ORIGIN, AbsPath.of("/proc/kcore"), false);
    private static final Step ELSEWHERE = new Step.Hide(Bench.ORIGIN, AbsPath.of("/processes"), true);

    private final RecordingSyscalls sys = new RecordingSyscalls();

    OwnSpacesTest() {
        sys.directory("/usr", 0755, 0, 0)
                .directory("/usr/lib", 0755, 0, 0)
                .directory("/usr/lib/jns", 0755, 0, 0)
                .directory("/proc", 0555, 0, 0);
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private static Plan plan(Optional<String> hostname, List<Step> steps, NamespaceKind... kinds) {
        List<Spaces.Wanted> wanted = new ArrayList<>();
        for (NamespaceKind kind : kinds) {
            wanted.add(new Spaces.Wanted(kind, Bench.ORIGIN));
        }
        return new Plan(ALICE, steps, List.of(), List.of(), List.of(), new Spaces(wanted, hostname));
    }

    @Test
    void aPlanThatWantsNoneCostsNothing() {
        Plan plan = plan(Optional.empty(), List.of(PROC));
        try (OwnSpaces spaces = new OwnSpaces(sys, plan).open()) {
            assertEquals("", spaces.make(LEADER));
            spaces.handOver();
        }
        assertEquals("", sys.transcript().toString());
        assertEquals(List.of(PROC), plan.earlySteps());
        assertEquals(List.of(), plan.lateSteps());
    }

    @Test
    void whatShowsProcessesWaitsForThem() {
        Plan plan = plan(Optional.empty(), List.of(ELSEWHERE, PROC, ON_PROC), NamespaceKind.PID);
        assertEquals(List.of(ELSEWHERE), plan.earlySteps());
        assertEquals(List.of(PROC, ON_PROC), plan.lateSteps());
        assertEquals(
                List.of(),
                plan(Optional.empty(), List.of(ELSEWHERE, PROC, ON_PROC), NamespaceKind.NET)
                        .lateSteps());
    }

    @Test
    void theProgramGetsWhatItNeedsOfTheHost() {
        sys.report("\n4712");
        try (OwnSpaces spaces = new OwnSpaces(
                        sys,
                        plan(
                                Optional.of("sandbox"),
                                List.of(ELSEWHERE, PROC, ON_PROC),
                                NamespaceKind.UTS,
                                NamespaceKind.PID))
                .open()) {
            assertEquals(
                    """
                    open /usr/lib/jns DIRECTORY NO_LINKS = 3
                    open /proc PATH NO_LINKS = 4
                    open /sys/fs/cgroup/unified PATH NO_LINKS = ENOENT
                    open /sys/fs/cgroup PATH NO_LINKS = ENOENT
                    open /proc PATH NO_LINKS = 5
                    """,
                    sys.transcript().toString());
            sys.transcript().clear();
            assertEquals("", spaces.make(LEADER));
            assertEquals(
                    "run 3/ 4 5 [jns-spaces, uts,pid, sandbox, 4711, 1] 5000 ms = answer\n",
                    sys.transcript().toString());
            assertEquals(
                    List.of(NamespaceKind.UTS, NamespaceKind.PID),
                    spaces.made().stream().map(Namespaces.Other::kind).toList());
            assertEquals(1, spaces.procs().size());
            assertEquals(Optional.of(4712), spaces.init());
            List<Namespaces.Other> made = spaces.made();
            spaces.handOver();
            assertTrue(
                    sys.transcript().toString().endsWith("nod at 4712\n"),
                    sys.transcript().toString());
            for (Namespaces.Other other : made) {
                other.file().close();
            }
        }
    }

    @Test
    void whatIsNotHandedOverIsClosed() {
        sys.report("\n4712");
        try (OwnSpaces spaces = new OwnSpaces(
                        sys, plan(Optional.empty(), List.of(PROC), NamespaceKind.IPC, NamespaceKind.PID))
                .open()) {
            assertEquals("", spaces.make(LEADER));
        }
        assertTrue(!sys.transcript().toString().contains("nod"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\nx", "\n-1", "\n4712 ", "\n99999999999", "no line feed"})
    void anAnswerThatIsNotWholeIsAFailure(String report) {
        sys.report(report);
        try (OwnSpaces spaces = new OwnSpaces(sys, plan(Optional.empty(), List.of(PROC), NamespaceKind.PID)).open()) {
            assertEquals(
                    "cannot make namespaces: jns-spaces has given an answer that is not whole", spaces.make(LEADER));
            assertEquals(List.of(), spaces.made());
        }
    }

    @Test
    void whatTheProgramSaysIsTold() {
        sys.report("cannot make a net namespace: No space left on device\u0007\n");
        try (OwnSpaces spaces = new OwnSpaces(sys, plan(Optional.empty(), List.of(), NamespaceKind.NET)).open()) {
            assertTrue(
                    spaces.make(LEADER).startsWith("cannot make a net namespace: No space left on device"),
                    "as it said");
        }
    }

    @Test
    void withoutAnAnswerOrAProgramThereAreNone() {
        try (OwnSpaces spaces = new OwnSpaces(sys, plan(Optional.empty(), List.of(), NamespaceKind.NET)).open()) {
            assertEquals("cannot make namespaces: jns-spaces has given no answer", spaces.make(LEADER));
            sys.transcript().fail("run", 1, Errno.ENOENT);
            assertTrue(spaces.make(LEADER).startsWith("cannot make namespaces: No such file or directory"));
        }
        sys.transcript().fail("open", 1, Errno.ENOENT);
        cannotOpen();
        sys.transcript().fail("open", 3, Errno.EACCES);
        cannotOpen();
    }

    private void cannotOpen() {
        try (OwnSpaces spaces = new OwnSpaces(sys, plan(Optional.empty(), List.of(), NamespaceKind.NET))) {
            assertThrows(SyscallException.class, spaces::open);
        }
    }

    @Test
    void thereIsALimitForProcs() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            steps.add(new Step.Proc(Bench.ORIGIN, AbsPath.of("/p" + i), Optional.empty(), false, MountFlags.NONE));
        }
        try (OwnSpaces spaces = new OwnSpaces(sys, plan(Optional.empty(), steps, NamespaceKind.PID)).open()) {
            assertEquals("cannot make namespaces: the rules want more than 16 procs", spaces.make(LEADER));
        }
    }

    @Test
    void lateStepsTakeTheProcsInTheirOrder() {
        sys.directory("/sub", 0755, 0, 0).directory("/sub/proc", 0555, 0, 0);
        Step second = new Step.Proc(Bench.ORIGIN, AbsPath.of("/sub/proc"), Optional.empty(), true, MountFlags.RO);
        Plan plan = plan(Optional.empty(), List.of(PROC, second), NamespaceKind.PID);
        try (FactsProbe probe = new FactsProbe(sys);
                Fd one = sys.namespaceOfThisThread();
                Fd two = sys.namespaceOfThisThread()) {
            probe.examine(List.of(new Question(PROC.onto(), false), new Question(second.onto(), false)));
            sys.unshareMounts();
            sys.makeAllSlave();
            sys.transcript().clear();
            PlanExecutor.Folders views = new PlanExecutor.Folders(null, AbsPath.of("/hidden"));
            assertEquals(Optional.empty(), PlanExecutor.executeLate(sys, plan, probe, views, List.of(one, two)));
            String[] lines = sys.transcript().toString().split("\n");
            assertEquals("proc " + one.number() + " {} ", lines[0].replaceAll("= .*", ""));
            assertEquals("proc " + two.number() + " {subset=pid} ro ", lines[3].replaceAll("= .*", ""));
            sys.transcript().fail("proc", 1, Errno.EPERM);
            Outcome.Failed failed = PlanExecutor.executeLate(sys, plan, probe, views, List.of(one, two))
                    .orElseThrow();
            assertEquals(PROC, failed.step());
            assertTrue(failed.why().startsWith("cannot put proc on /proc: Operation not permitted"), failed.why());
        }
    }
}
