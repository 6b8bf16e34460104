// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.Plan;
import org.jns.model.Subject;
import org.jns.model.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumesTest {
    private static final Subject ALICE =
            new Subject("alice", 1000, 1001, "users", Set.of(), "/home/alice", "", "sshd", "");
    private static final List<Long> GROUPS = List.of(1001L, 27L);

    private final RecordingSyscalls sys = new RecordingSyscalls();

    VolumesTest() {
        sys.directory("/usr", 0755, 0, 0).directory("/usr/lib", 0755, 0, 0).directory("/usr/lib/jns", 0755, 0, 0);
        sys.directory("/dev", 0755, 0, 0).file("/dev/null", 0666, 0, "").fifo("/dev/password");
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private static Volume volume(String name, boolean password, boolean required) {
        AbsPath target = AbsPath.of("/home/alice/" + name);
        Optional<AbsPath> source = password ? Optional.of(AbsPath.of("/srv/" + name)) : Optional.empty();
        List<String> creating = password ? List.of("/opt/make", "-x") : List.of();
        return new Volume(
                Bench.ORIGIN,
                password ? "encfs" : "fuse",
                target,
                source,
                MountFlags.NONE,
                creating,
                List.of("/opt/mount", "a b"),
                password,
                false,
                password,
                8000,
                required);
    }

    private Volumes prepare(Optional<Fd> password, Volume... volumes) {
        return new Volumes(sys, new Plan(ALICE, List.of(), List.of(volumes), List.of(), List.of()))
                .open(GROUPS, password);
    }

    private String trouble(String report) {
        if (report != null) {
            sys.report(report);
        }
        try (Volumes volumes = prepare(Optional.empty(), volume("V", true, true))) {
            String why = volumes.mount().orElseThrow().why();
            assertEquals(List.of(), volumes.mounted());
            assertTrue(why.startsWith("cannot mount a volume on /home/alice/V: "), why);
            return why.substring("cannot mount a volume on /home/alice/V: ".length());
        }
    }

    @Test
    void withoutVolumesNothingIsDone() {
        try (Volumes volumes = prepare(Optional.empty())) {
            assertEquals(Optional.empty(), volumes.mount());
        }
        assertEquals("", sys.transcript().toString());
    }

    @Test
    void thePasswordGoesToThoseThatWantItAndIsNotRead() {
        sys.report("\n71 ").report("\n72 it works\n");
        sys.process(71, 1);
        sys.process(72, 1);
        try (Fd password = sys.open(Optional.empty(), "/dev/password", OpenAs.PATH, Walk.NO_LINKS);
                Volumes volumes = prepare(Optional.of(password), volume("V", true, true), volume("F", false, true))) {
            sys.transcript().clear();
            assertEquals(Optional.empty(), volumes.mount());
            assertEquals(List.of(71, 72), volumes.processes());
            assertEquals(2, volumes.mounted().size());
            assertEquals(List.of("/opt/mount said: it works"), volumes.notes());
            volumes.handOver();
        }
        assertEquals(
                """
                run 4/ 3 5 [jns-volume, 8000, 1000:1001:1001,27, alice, 1000, /home/alice, sshd, pckw, /srv/V, /home/alice/V, 2, /opt/make, -x, /opt/mount, a b] 9500 ms = answer
                run 4/ 5 [jns-volume, 8000, 1000:1001:1001,27, alice, 1000, /home/alice, sshd, kw, -, /home/alice/F, 0, /opt/mount, a b] 9500 ms = answer
                nod at 71
                nod at 72
                close 6
                close 7
                close 4
                close 5
                close 3
                """,
                sys.transcript().toString());
        assertTrue(sys.hasProcess(71) && sys.hasProcess(72));
    }

    @Test
    void whatIsNotHandedOverIsToldToEnd() {
        sys.report("\n71 ").report("\n72 ").report("the program's exit status is 1\n0 no\nroom\n");
        sys.process(71, 1);
        Volume third = volume("C", false, true);
        try (Volumes volumes = prepare(
                Optional.empty(),
                volume("A", false, true),
                volume("B", false, true),
                third,
                volume("D", false, true))) {
            Volumes.Failed failed = volumes.mount().orElseThrow();
            assertSame(third, failed.volume());
            assertEquals(
                    "cannot mount a volume on /home/alice/C: the program's exit status is 1; it said: no / room",
                    failed.why());
        }
        assertFalse(sys.hasProcess(71));
        assertFalse(sys.transcript().toString().contains("/home/alice/D"));
    }

    @Test
    void oneThatMayFailIsAWarning() {
        sys.report("it has not mounted within 8000 ms\n0 ").report("\n72 ");
        sys.process(72, 1);
        Volume first = volume("A", false, false);
        try (Volumes volumes = prepare(Optional.empty(), first, volume("B", false, true))) {
            assertEquals(Optional.empty(), volumes.mount());
            assertEquals(
                    List.of("cannot mount a volume on /home/alice/A: it has not mounted within 8000 ms"),
                    volumes.warnings());
            assertEquals(List.of(first), volumes.failed());
            assertEquals(List.of(72), volumes.processes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "\n", "\n71", "\nx ", "\n0 ", "\n-1 ", "\n99999999999 ", "its exit status is 7"})
    void anAnswerThatIsNotWholeIsAFailure(String report) {
        assertEquals("jns-volume has given an answer that is not whole", trouble(report));
    }

    @Test
    void otherFailuresAreToldInWords() {
        assertEquals("jns-volume has given no answer", trouble(null));
        assertEquals(
                "its exit status is 1; look whether there is a volume in /srv/V", trouble("its exit status is 1\n0 "));
        assertEquals("bad \\u001b; it said: \\u001b[31m", trouble("bad \u001b\n0 \u001b[31m\n"));
        sys.transcript().fail("run", 1, Errno.EAGAIN);
        assertTrue(trouble(null).startsWith("Resource temporarily unavailable (run"));
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void whatCannotBeOpenedIsToldBeforeTheView(int nth) {
        sys.transcript().fail("open", nth, Errno.ENOENT);
        Plan plan = new Plan(ALICE, List.of(), List.of(volume("V", true, true)), List.of(), List.of());
        try (Volumes volumes = new Volumes(sys, plan)) {
            assertThrows(SyscallException.class, () -> volumes.open(GROUPS, Optional.empty()));
        }
    }
}
