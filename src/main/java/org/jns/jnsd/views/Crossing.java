// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.views;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Space;
import org.jns.state.View;

/**
 * From where a login program is to where its session belongs: su is started inside of sessions. What the view that it comes from has of its
 * own, and the new one has not, is the host's again; but a process leaves no PID namespace, setns(2).
 *
 * @param from the view that the login program is in, if it is in one that has more of its own than mounts
 */
public record Crossing(Optional<View> from) {
    public static final Crossing NONE = new Crossing(Optional.empty());

    /** Of the host itself. */
    private static final int FIRST_PROCESS = 1;

    /** Whether the session would have to be in another PID namespace than the one that it cannot leave. */
    boolean isBarred(View to) {
        return from.isPresent() && !from.get().id().equals(to.id()) && isBarred(to.has(Space.PID));
    }

    /** The same for a view that is to be made. */
    public boolean isBarred(boolean wantsPids) {
        return wantsPids && staysBehind();
    }

    private boolean staysBehind() {
        return from.isPresent() && from.get().has(Space.PID);
    }

    public String whyBarred() {
        return "cannot give the session a PID namespace of its own: this login was started in that of " + from.orElseThrow().user()
                + "'s view " + from.orElseThrow().id() + ", which nobody can leave; log in anew";
    }

    /** What is to be said of a session that is let through all the same; empty if there is nothing. */
    public String remark(Optional<View> to) {
        boolean same = to.isPresent() && from.isPresent() && to.get().id().equals(from.get().id());
        return staysBehind() && !same
                ? "the session stays in the PID namespace of " + from.get().user() + "'s view " + from.get().id() + ", where it was started"
                : "";
    }

    /**
     * The host's namespaces of those kinds that are left behind; the caller closes them.
     *
     * @param to empty: the host's view
     * @throws SyscallException if they cannot be had
     */
    public List<Fd> ofHost(Syscalls sys, Optional<View> to) {
        List<Fd> back = new ArrayList<>();
        if (from.isEmpty()) {
            return back;
        }
        for (View.Namespace own : from.get().others()) {
            if (own.kind() != Space.PID && (to.isEmpty() || !to.get().has(own.kind()))) {
                Optional<Fd> host = open(sys, own.kind(), back);
                if (host.isPresent()) {
                    back.add(host.get());
                }
            }
        }
        return back;
    }

    private static Optional<Fd> open(Syscalls sys, Space kind, List<Fd> before) {
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
