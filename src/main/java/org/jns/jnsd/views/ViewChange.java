// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.views;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.NamespaceKind;
import org.jns.state.View;

/**
 * The move of a login program from its current view to the view of its session: su is started inside of sessions.
 * Namespaces that the old view has and the new one lacks revert to the host's; but no process leaves a PID namespace,
 * setns(2).
 *
 * <p>Reasons: docs/decisions/26-leaving-a-view.md
 *
 * @param from the view that the login program is in, if that view has more namespaces than its mounts
 */
public record ViewChange(Optional<View> from) {
    public static final ViewChange NONE = new ViewChange(Optional.empty());

    /** The host's process 1. */
    private static final int FIRST_PROCESS = 1;

    /** Whether the session would need another PID namespace than the one that it cannot leave. */
    boolean isBarred(View to) {
        return from.isPresent() && !from.get().id().equals(to.id()) && isBarred(to.has(NamespaceKind.PID));
    }

    /** The same for a view that does not exist yet. */
    public boolean isBarred(boolean wantsPids) {
        return wantsPids && staysBehind();
    }

    private boolean staysBehind() {
        return from.isPresent() && from.get().has(NamespaceKind.PID);
    }

    public String whyBarred() {
        return "cannot give the session a PID namespace of its own: this login was started in that of "
                + from.orElseThrow().user() + "'s view " + from.orElseThrow().id()
                + ", which no process can leave; log in again";
    }

    /** A note for a session that is allowed all the same; empty if there is nothing to say. */
    public String remark(Optional<View> to) {
        boolean same = to.isPresent()
                && from.isPresent()
                && to.get().id().equals(from.get().id());
        return staysBehind() && !same
                ? "the session stays in the PID namespace of " + from.get().user() + "'s view "
                        + from.get().id() + ", where it was started"
                : "";
    }

    /**
     * Opens the host's namespaces for the kinds of the old view that the new one lacks; the caller closes them.
     *
     * @param to empty: the host's view
     * @throws SyscallException if they cannot be opened
     */
    public List<Fd> ofHost(Syscalls sys, Optional<View> to) {
        List<Fd> back = new ArrayList<>();
        if (from.isEmpty()) {
            return back;
        }
        for (View.Namespace own : from.get().others()) {
            if (own.kind() != NamespaceKind.PID && (to.isEmpty() || !to.get().has(own.kind()))) {
                Optional<Fd> host = open(sys, own.kind(), back);
                if (host.isPresent()) {
                    back.add(host.get());
                }
            }
        }
        return back;
    }

    private static Optional<Fd> open(Syscalls sys, NamespaceKind kind, List<Fd> before) {
        try {
            return sys.namespaceOf(FIRST_PROCESS, kind);
        } catch (SyscallException e) {
            for (Fd file : before) {
                file.close();
            }
            throw e;
        }
    }
}
