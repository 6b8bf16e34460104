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
import org.jns.model.NamespaceKind;
import org.jns.state.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ViewChangeTest {
    private final RecordingSyscalls sys = new RecordingSyscalls();

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private static View view(String id, NamespaceKind... kinds) {
        List<View.Namespace> others = new ArrayList<>();
        for (NamespaceKind kind : kinds) {
            others.add(new View.Namespace(kind, 100 + kind.ordinal()));
        }
        return new View(id, "alice", 1001, 7, "k", List.of(), List.of(), List.of(), others, 0);
    }

    private static ViewChange from(NamespaceKind... kinds) {
        return new ViewChange(Optional.of(view("from", kinds)));
    }

    /** The kinds that revert to the host's. */
    private String back(ViewChange viewChange, Optional<View> to) {
        sys.process(1, 1);
        sys.transcript().clear();
        viewChange.ofHost(sys, to).forEach(Fd::close);
        return sys.transcript()
                .toString()
                .replaceAll("(?m)^close.*\n", "")
                .replaceAll("(?m)^namespace (\\w+) of 1 .*\n", "$1 ")
                .strip();
    }

    @Test
    void whoComesFromTheHostHasNothingToLeave() {
        assertEquals(
                "",
                back(ViewChange.NONE, Optional.of(view("to", NamespaceKind.VIEW_KINDS.toArray(NamespaceKind[]::new)))));
        assertFalse(ViewChange.NONE.isBarred(view("to", NamespaceKind.PID)));
        assertFalse(ViewChange.NONE.isBarred(true));
        assertEquals("", ViewChange.NONE.remark(Optional.empty()));
    }

    @Test
    void whatTheOtherViewHasNotIsTheHosts() {
        assertEquals(
                "ipc uts net cgroup time",
                back(from(NamespaceKind.VIEW_KINDS.toArray(NamespaceKind[]::new)), Optional.empty()));
        assertEquals(
                "ipc time",
                back(
                        from(NamespaceKind.IPC, NamespaceKind.NET, NamespaceKind.TIME),
                        Optional.of(view("to", NamespaceKind.NET, NamespaceKind.UTS))));
        assertEquals("", back(from(NamespaceKind.NET), Optional.of(view("to", NamespaceKind.NET))));
    }

    @Test
    void aPidNamespaceIsNotLeft() {
        assertTrue(from(NamespaceKind.PID).isBarred(view("to", NamespaceKind.PID)));
        assertTrue(from(NamespaceKind.PID).isBarred(true));
        assertFalse(from(NamespaceKind.PID).isBarred(false));
        assertFalse(from(NamespaceKind.PID).isBarred(view("to", NamespaceKind.NET)));
        assertFalse(from(NamespaceKind.PID).isBarred(view("from", NamespaceKind.PID)), "where it is already");
        assertFalse(from(NamespaceKind.NET).isBarred(view("to", NamespaceKind.PID)));
        assertTrue(from(NamespaceKind.PID)
                .whyBarred()
                .contains("alice's view from, which no process can leave; log in again"));
    }

    @Test
    void whoStaysIsTold() {
        assertEquals(
                "the session stays in the PID namespace of alice's view from, where it was started",
                from(NamespaceKind.PID).remark(Optional.empty()));
        assertFalse(from(NamespaceKind.PID).remark(Optional.of(view("to"))).isEmpty());
        assertEquals("", from(NamespaceKind.PID).remark(Optional.of(view("from", NamespaceKind.PID))));
        assertEquals("", from(NamespaceKind.NET).remark(Optional.empty()));
    }

    @Test
    void whatIsOpenIsClosedWhereAnotherCannotBeHad() {
        sys.process(1, 1);
        sys.transcript().fail("namespace", 2, Errno.EACCES);
        assertThrows(SyscallException.class, () -> from(NamespaceKind.IPC, NamespaceKind.NET)
                .ofHost(sys, Optional.empty()));
    }
}
