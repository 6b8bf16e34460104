// SPDX-License-Identifier: Apache-2.0
package org.jns.run;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jns.apply.FactsProbe;
import org.jns.apply.Hooks;
import org.jns.apply.InstanceStore;
import org.jns.apply.Outcome;
import org.jns.apply.PlanExecutor;
import org.jns.apply.SpareView;
import org.jns.config.Places;
import org.jns.model.Hook;
import org.jns.model.Plan;
import org.jns.model.Printable;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.plan.Planner;
import org.jns.state.StateFolder;
import org.jns.sys.Fd;
import org.jns.sys.NameService;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;

/** Makes a view as a login does, on the thread that it is called on, which is good for nothing else afterwards. */
final class ViewOfRules {
    private final Syscalls sys;
    private final Places places;
    private final NameService names;

    ViewOfRules(Syscalls sys, Places places, NameService names) {
        this.sys = sys;
        this.places = places;
        this.names = names;
    }

    /** The mount namespace; the caller closes it. */
    Fd make(Selection selection, Subject subject) throws Refused {
        try (Fd here = sys.namespaceOfThisThread();
                SpareView spare = new SpareView(sys, here)) {
            makeFolders();
            spare.refresh();
            try (FactsProbe probe = new FactsProbe(sys)) {
                Plan plan = RulesOfCommand.ready(Planner.plan(
                        selection, subject, probe.examine(Planner.questions(selection, subject)), places.reserved()));
                if (!plan.volumes().isEmpty()) {
                    throw new Refused("rule " + plan.volumes().get(0).origin() + ": a volume of a rule's is for sessions; give the command one with --encfs");
                }
                return build(plan, probe);
            }
        } catch (SyscallException | StateFolder.Untrusted e) {
            throw new Refused("cannot make the view of the rules: " + e.getMessage());
        }
    }

    /** No daemon need ever have run. */
    private void makeFolders() {
        StateFolder.make(sys, places.state(), 0700);
        StateFolder.makeHidden(sys, places.hidden());
        StateFolder.make(sys, places.instances(), 0700);
    }

    private Fd build(Plan plan, FactsProbe probe) throws Refused {
        String session = Printable.hex(ThreadLocalRandom.current().nextLong(), 16);
        try (Hooks hooks = Hooks.prepare(sys, plan, groups(plan));
                InstanceStore store = new InstanceStore(sys, places.instances(), session)) {
            Outcome outcome = PlanExecutor.execute(sys, plan, probe, new PlanExecutor.Views(store, places.hidden()));
            if (outcome instanceof Outcome.Failed failed) {
                throw new Refused(failed.step() == null ? failed.why() : "rule " + failed.step().origin() + ": " + failed.why());
            }
            Fd namespace = ((Outcome.Applied) outcome).namespace();
            Optional<Hooks.Failed> trouble = hooks.run();
            if (trouble.isPresent()) {
                namespace.close();
                throw new Refused("rule " + trouble.get().hook().origin() + ": " + trouble.get().why());
            }
            return namespace;
        }
    }

    private List<Long> groups(Plan plan) {
        return plan.hooks().stream().anyMatch(Hook::asUser) ? names.groupsOf(plan.subject().user(), plan.subject().gid()) : List.of();
    }
}
