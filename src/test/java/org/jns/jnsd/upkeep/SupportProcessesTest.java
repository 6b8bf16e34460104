// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.jns.folders.InUse;
import org.jns.linux.Errno;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.state.SeenProcess;
import org.jns.state.SupportProcess;
import org.jns.state.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SupportProcessesTest {
    private static final SupportProcess VOLUME =
            new SupportProcess(SupportProcess.Kind.VOLUME, new SeenProcess(7, 100));
    private static final SupportProcess INIT = new SupportProcess(SupportProcess.Kind.INIT, new SeenProcess(8, 100));

    private final RecordingSyscalls sys = new RecordingSyscalls();

    @BeforeEach
    void prepare() {
        sys.process(7, 90);
        sys.process(8, 90);
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private static View view(String id, SupportProcess... supportProcesses) {
        return new View(id, "alice", 1001, 7, "k", List.of(), List.of(), List.of(supportProcesses), 0);
    }

    private List<View> end(View... views) {
        try (SupportProcesses supportProcesses = new SupportProcesses(sys, List.of(views))) {
            return supportProcesses.end(List.of(views));
        }
    }

    @Test
    void aViewIsWholeAsLongAsAllItsSupportProcessesRun() {
        View view = view("a", VOLUME, INIT);
        assertTrue(view.isWhole(sys));
        assertTrue(view("b").isWhole(sys));
        sys.process(8, 110);
        assertFalse(view.isWhole(sys), "another process has got the number");
        assertTrue(view("c", VOLUME).isWhole(sys));
    }

    @Test
    void onlyAVolumesChildrenAreLeftOut() {
        try (SupportProcesses supportProcesses = new SupportProcesses(sys, List.of(view("a", VOLUME, INIT)))) {
            assertEquals(new InUse.Except(Set.of(8), Set.of(7)), supportProcesses.exceptions());
        }
    }

    @Test
    void whoHasTheNumberNowIsNeitherLeftOutNorEnded() {
        sys.process(7, 110);
        try (SupportProcesses supportProcesses = new SupportProcesses(sys, List.of(view("a", VOLUME)))) {
            assertEquals(InUse.Except.NOBODY, supportProcesses.exceptions());
            assertEquals(List.of(), supportProcesses.end(List.of(view("a", VOLUME))));
        }
        assertTrue(sys.hasProcess(7));
    }

    @Test
    void theyAreToldToEndAndThenKilled() {
        sys.ignoresSignals(7);
        View view = view("a", VOLUME, INIT);
        assertEquals(List.of(view), end(view));
        assertFalse(sys.hasProcess(7) || sys.hasProcess(8));
        List<String> signals = sys.transcript()
                .toString()
                .lines()
                .filter(line -> line.startsWith("signal"))
                .toList();
        assertEquals(List.of("signal 7 15", "signal 8 9", "signal 7 9", "signal 8 9"), signals);
    }

    @Test
    void thoseOfOtherViewsGoOn() {
        View ends = view("a", VOLUME);
        try (SupportProcesses supportProcesses = new SupportProcesses(sys, List.of(ends, view("b", INIT)))) {
            assertEquals(List.of(), supportProcesses.end(List.of(ends)));
        }
        assertTrue(sys.hasProcess(8));
        assertFalse(sys.hasProcess(7));
    }

    @Test
    void nothingStaysOpenWhenTheKernelDoesNotTell() {
        sys.transcript().fail("pidfd", 2, Errno.EACCES);
        Assertions.assertThrows(
                SyscallException.class, () -> new SupportProcesses(sys, List.of(view("a", VOLUME, INIT))));
    }
}
