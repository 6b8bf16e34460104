// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.views;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.model.Space;
import org.jns.state.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CrossingTest {
    private final RecordingSyscalls sys = new RecordingSyscalls();

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private static View view(String id, Space... kinds) {
        List<View.Namespace> others = new ArrayList<>();
        for (Space kind : kinds) {
            others.add(new View.Namespace(kind, 100 + kind.ordinal()));
        }
        return new View(id, "alice", 1001, 7, "k", List.of(), List.of(), List.of(), others, 0);
    }

    private static Crossing from(Space... kinds) {
        return new Crossing(Optional.of(view("from", kinds)));
    }

    /** The kinds that are the host's again. */
    private String back(Crossing crossing, Optional<View> to) {
        sys.process(1, 1);
        sys.transcript().clear();
        crossing.ofHost(sys, to).forEach(Fd::close);
        return sys.transcript()
                .toString()
                .replaceAll("(?m)^close.*\n", "")
                .replaceAll("(?m)^namespace (\\w+) of 1 .*\n", "$1 ")
                .strip();
    }

    @Test
    void whoComesFromTheHostHasNothingToLeave() {
        assertEquals("", back(Crossing.NONE, Optional.of(view("to", Space.ALL.toArray(Space[]::new)))));
        assertFalse(Crossing.NONE.isBarred(view("to", Space.PID)));
        assertFalse(Crossing.NONE.isBarred(true));
        assertEquals("", Crossing.NONE.remark(Optional.empty()));
    }

    @Test
    void whatTheOtherViewHasNotIsTheHosts() {
        assertEquals("ipc uts net cgroup time", back(from(Space.ALL.toArray(Space[]::new)), Optional.empty()));
        assertEquals(
                "ipc time",
                back(from(Space.IPC, Space.NET, Space.TIME), Optional.of(view("to", Space.NET, Space.UTS))));
        assertEquals("", back(from(Space.NET), Optional.of(view("to", Space.NET))));
    }

    @Test
    void aPidNamespaceIsNotLeft() {
        assertTrue(from(Space.PID).isBarred(view("to", Space.PID)));
        assertTrue(from(Space.PID).isBarred(true));
        assertFalse(from(Space.PID).isBarred(false));
        assertFalse(from(Space.PID).isBarred(view("to", Space.NET)));
        assertFalse(from(Space.PID).isBarred(view("from", Space.PID)), "where it is already");
        assertFalse(from(Space.NET).isBarred(view("to", Space.PID)));
        assertTrue(from(Space.PID).whyBarred().contains("alice's view from, which no process can leave; log in again"));
    }

    @Test
    void whoStaysIsTold() {
        assertEquals(
                "the session stays in the PID namespace of alice's view from, where it was started",
                from(Space.PID).remark(Optional.empty()));
        assertFalse(from(Space.PID).remark(Optional.of(view("to"))).isEmpty());
        assertEquals("", from(Space.PID).remark(Optional.of(view("from", Space.PID))));
        assertEquals("", from(Space.NET).remark(Optional.empty()));
    }

    @Test
    void whatIsOpenIsClosedWhereAnotherCannotBeHad() {
        sys.process(1, 1);
        sys.transcript().fail("namespace", 2, Errno.EACCES);
        assertThrows(SyscallException.class, () -> from(Space.IPC, Space.NET).ofHost(sys, Optional.empty()));
    }
}
