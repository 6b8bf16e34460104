// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jns.config.Places;
import org.jns.folders.InstanceStore;
import org.jns.linux.Fd;
import org.jns.linux.NameService;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Hook;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Printable;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.plan.Planner;
import org.jns.state.StateFolder;

/** Makes a view as a login does, for one command: nobody else is let into it, and it ends with the last process in it. */
public final class FreshView {
    private final Syscalls sys;
    private final Places places;
    private final NameService names;

    public FreshView(Syscalls sys, Places places, NameService names) {
        this.sys = sys;
        this.places = places;
        this.names = names;
    }

    /**
     * Leaves the calling thread in the mount namespace in which it was, with a root and working folder of its own.
     *
     * @return the mount namespace, which the caller closes
     */
    public Fd make(Selection selection, Subject subject) throws Unmakeable {
        try (Fd here = sys.namespaceOfThisThread();
                SpareView spare = new SpareView(sys, here)) {
            makeFolders();
            spare.refresh();
            try (FactsProbe probe = new FactsProbe(sys)) {
                Plan plan = ready(Planner.plan(selection, subject, probe.examine(Planner.questions(selection, subject)), places.reserved()));
                if (!plan.volumes().isEmpty()) {
                    throw new Unmakeable("rule " + plan.volumes().get(0).origin() + ": volumes of rules are for sessions; give the command one with --encfs");
                }
                if (!plan.spaces().isEmpty()) {
                    throw new Unmakeable("rule " + plan.spaces().wanted().get(0).origin() + ": namespaces of a rule's are for sessions; give the command its own with -i, -u, -n, -p, -C or -T");
                }
                return build(plan, probe, spare);
            }
        } catch (SyscallException | StateFolder.Untrusted e) {
            throw new Unmakeable("cannot make the view of the rules: " + e.getMessage());
        }
    }

    /** No daemon need ever have run. */
    private void makeFolders() {
        StateFolder.make(sys, places.state(), 0700);
        StateFolder.makeHidden(sys, places.hidden());
        StateFolder.make(sys, places.instances(), 0700);
    }

    private static Plan ready(Planned planned) throws Unmakeable {
        if (planned instanceof Planned.Refused refused) {
            throw new Unmakeable("rule " + refused.origin() + ": " + refused.why());
        }
        return ((Planned.Ready) planned).plan();
    }

    private Fd build(Plan plan, FactsProbe probe, SpareView spare) throws Unmakeable {
        spare.take();
        try {
            return build(plan, probe);
        } finally {
            spare.giveBack();
        }
    }

    private Fd build(Plan plan, FactsProbe probe) throws Unmakeable {
        String session = Printable.hex(ThreadLocalRandom.current().nextLong(), 16);
        try (Hooks hooks = Hooks.prepare(sys, plan, groups(plan));
                InstanceStore store = new InstanceStore(sys, places.instances(), session, names)) {
            Outcome outcome = PlanExecutor.execute(sys, plan, probe, new PlanExecutor.Folders(store, places.hidden()));
            if (outcome instanceof Outcome.Failed failed) {
                throw new Unmakeable(failed.step() == null ? failed.why() : "rule " + failed.step().origin() + ": " + failed.why());
            }
            Fd namespace = ((Outcome.Applied) outcome).namespace();
            Optional<Hooks.Failed> trouble = hooks.run();
            if (trouble.isPresent()) {
                namespace.close();
                throw new Unmakeable("rule " + trouble.get().hook().origin() + ": " + trouble.get().why());
            }
            return namespace;
        }
    }

    private List<Long> groups(Plan plan) {
        return plan.hooks().stream().anyMatch(Hook::asUser) ? names.groupsOf(plan.subject().alias(), plan.subject().gid()) : List.of();
    }
}
