// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.Optional;
import org.jns.config.Places;
import org.jns.linux.Fd;
import org.jns.linux.NameService;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Cause;
import org.jns.model.Facts;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.plan.Planner;
import org.jns.state.Session;
import org.jns.state.StateFolder;

/** Makes a view as a login does, for one command: nobody else is let into it, and it ends with the last process in it. */
public final class CommandView {
    /** Only a view with a PID namespace asks who logs in, and this one has none. */
    private static final int NO_LEADER = 0;

    private final Syscalls sys;
    private final Places places;
    private final NameService names;

    public CommandView(Syscalls sys, Places places, NameService names) {
        this.sys = sys;
        this.places = places;
        this.names = names;
    }

    /**
     * Leaves the calling thread in the mount namespace in which it was, with a root and working folder of its own.
     *
     * @return the mount namespace, which the caller closes
     */
    public Fd make(Selection selection, Subject subject) throws NoView {
        try (Fd here = sys.namespaceOfThisThread();
                SpareView spare = new SpareView(sys, here);
                FactsProbe probe = new FactsProbe(sys)) {
            makeFolders();
            spare.refresh();
            Facts facts = probe.examine(Planner.questions(selection, subject));
            Plan plan = ready(Planner.plan(selection, subject, facts, places.reserved()));
            spare.becomesView();
            try (ViewBuilder view = new ViewBuilder(sys, names, places, Session.newId(), plan, probe)) {
                view.open(Optional.empty());
                view.build(NO_LEADER);
                Fd namespace = view.namespaces().mounts();
                view.handOver();
                return namespace;
            } finally {
                spare.giveBack();
            }
        } catch (SyscallException | StateFolder.Untrusted e) {
            throw new NoView(Cause.NAMESPACE, "cannot make the view of the rules: " + e.getMessage());
        }
    }

    /** No daemon need ever have run. */
    private void makeFolders() {
        StateFolder.make(sys, places.state(), 0700);
        StateFolder.makeHidden(sys, places.hidden());
        StateFolder.make(sys, places.instances(), 0700);
    }

    private static Plan ready(Planned planned) throws NoView {
        if (planned instanceof Planned.Refused refused) {
            throw new NoView(Cause.PLAN, Optional.of(refused.origin()), refused.why());
        }
        Plan plan = ((Planned.Ready) planned).plan();
        if (!plan.volumes().isEmpty()) {
            Origin origin = plan.volumes().get(0).origin();
            throw new NoView(
                    Cause.VOLUME,
                    Optional.of(origin),
                    "volumes of rules are for sessions; give the command one with --encfs");
        }
        if (!plan.spaces().isEmpty()) {
            Origin origin = plan.spaces().wanted().get(0).origin();
            String why = "namespaces of rules are for sessions; give the command its own with -i, -u, -n, -p, -C or -T";
            throw new NoView(Cause.NAMESPACE, Optional.of(origin), why);
        }
        return plan;
    }
}
