// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.config.Places;
import org.jns.folders.InstanceStore;
import org.jns.jnsd.views.Ledger;
import org.jns.linux.AccountFiles;
import org.jns.linux.Fd;
import org.jns.linux.NameService;
import org.jns.linux.Namespaces;
import org.jns.linux.Progress;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Hook;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.RuleSet;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Volume;
import org.jns.plan.ViewKey;
import org.jns.state.Attendant;
import org.jns.state.Leader;
import org.jns.state.Pins;
import org.jns.view.FactsProbe;
import org.jns.view.HandedOn;
import org.jns.view.Hooks;
import org.jns.view.Outcome;
import org.jns.view.OwnSpaces;
import org.jns.view.PlanExecutor;
import org.jns.view.Volumes;
import org.jns.wire.Request;

/** Carries a plan out on the thread whose mount namespace becomes the view: first its mounts, then its volumes, then its hooks; and
 * last its other namespaces, which hooks and volumes are not in, with what shows the processes of its PID namespace.
 */
final class ViewMaker {
    private final Syscalls sys;
    private final NameService names;
    private final AccountFiles files;
    private final Places places;
    private final Ledger ledger;
    private final HandingOn handingOn;

    /** What came of it. */
    sealed interface Made {
        /**
         * @param notes what is no reason to warn
         */
        record Whole(Ledger.Given given, List<String> notes) implements Made {}

        /**
         * @param origin empty if it is no rule's fault
         */
        record Failed(Cause cause, Optional<Origin> origin, String why) implements Made {}
    }

    /**
     * For whom.
     *
     * @param password a pipe that nobody here reads; the caller's
     * @param rules the names of those that are for this login
     * @param inForce all rules
     * @param key of the view
     */
    record Wanted(Request.Open request, int leader, Optional<Fd> password, List<String> rules, RuleSet inForce, String key) {}

    ViewMaker(Syscalls sys, NameService names, Places places, Ledger ledger) {
        this.sys = sys;
        this.names = names;
        this.files = new AccountFiles(sys);
        this.places = places;
        this.ledger = ledger;
        this.handingOn = new HandingOn(sys, ledger);
    }

    /**
     * @param probe has what the plan names open
     * @param warnings that there are already
     */
    Made make(Wanted wanted, Plan plan, FactsProbe probe, List<String> warnings) {
        List<Long> groups;
        try {
            groups = groups(plan);
        } catch (SyscallException e) {
            String who = plan.subject().alias();
            return new Made.Failed(Cause.USER, Optional.empty(), "cannot look up the groups of " + who + ": " + e.getMessage());
        }
        Volumes volumes;
        try {
            volumes = Volumes.prepare(sys, plan, groups, wanted.password());
        } catch (SyscallException e) {
            Volume first = plan.volumes().get(0);
            return new Made.Failed(Cause.VOLUME, Optional.of(first.origin()), "cannot mount a volume on " + first.target() + ": " + e.getMessage());
        }
        // Closed last: until the view is handed out, whatever goes wrong ends them.
        try (volumes) {
            return withHooks(wanted, plan, probe, warnings, volumes, groups);
        }
    }

    private Made withHooks(Wanted wanted, Plan plan, FactsProbe probe, List<String> warnings, Volumes volumes, List<Long> groups) {
        Hooks hooks;
        try {
            hooks = Hooks.prepare(sys, plan, groups);
        } catch (SyscallException e) {
            Hook first = plan.hooks().get(0);
            return new Made.Failed(Cause.HOOK, Optional.of(first.origin()), "cannot run " + first.program() + ": " + e.getMessage());
        }
        try (hooks) {
            return withSpaces(wanted, plan, probe, warnings, volumes, hooks);
        }
    }

    private Made withSpaces(Wanted wanted, Plan plan, FactsProbe probe, List<String> warnings, Volumes volumes, Hooks hooks) {
        OwnSpaces spaces;
        try {
            spaces = OwnSpaces.prepare(sys, plan);
        } catch (SyscallException e) {
            return noSpaces(plan, "cannot make namespaces: " + e.getMessage());
        }
        try (spaces) {
            return build(wanted, plan, probe, warnings, new Programs(volumes, hooks, spaces));
        }
    }

    private static Made noSpaces(Plan plan, String why) {
        return new Made.Failed(Cause.NAMESPACE, Optional.of(plan.spaces().wanted().get(0).origin()), why);
    }

    private List<Long> groups(Plan plan) {
        boolean wanted = !plan.volumes().isEmpty();
        for (Hook hook : plan.hooks()) {
            wanted |= hook.asUser();
        }
        return wanted ? groupsOf(plan.subject()) : List.of();
    }

    /** Looked up in the host's view: in the user's, the user database may be another. Root's are those of the host's own files. */
    private List<Long> groupsOf(Subject subject) {
        if (subject.isRoot()) {
            return files.groupsOf(subject.alias(), subject.gid()).ids();
        }
        sys.approach(Progress.USERS);
        try {
            return names.groupsOf(subject.alias(), subject.gid());
        } finally {
            sys.arrive();
        }
    }

    /** What is run when all is mounted. */
    private record Programs(Volumes volumes, Hooks hooks, OwnSpaces spaces) {}

    private Made build(Wanted wanted, Plan plan, FactsProbe probe, List<String> warnings, Programs programs) {
        String session = Ledger.newSession();
        // Open until the hooks have run, too: nothing of it may be removed meanwhile.
        List<String> all = new ArrayList<>(warnings);
        try (InstanceStore store = new InstanceStore(sys, places.instances(), session, names);
                HandedOn handedOn = handingOn.begin(wanted, plan, probe, all)) {
            PlanExecutor.Folders views = new PlanExecutor.Folders(store, places.hidden(), handedOn);
            Outcome outcome = PlanExecutor.execute(sys, plan, probe, views);
            if (outcome instanceof Outcome.Failed failed) {
                return new Made.Failed(Cause.MOUNT, Optional.ofNullable(failed.step()).map(Step::origin), failed.why());
            }
            Outcome.Applied applied = (Outcome.Applied) outcome;
            all.addAll(applied.warnings());
            Optional<Made> failed = run(wanted, plan, probe, views, programs);
            if (failed.isPresent()) {
                applied.namespace().close();
                return failed.get();
            }
            return handOut(wanted, plan, all, programs, applied.namespace(), handedOn, session);
        }
    }

    /** The mounts are there. */
    private Optional<Made> run(Wanted wanted, Plan plan, FactsProbe probe, PlanExecutor.Folders views, Programs programs) {
        Optional<Volumes.Failed> unmounted = programs.volumes().mount();
        if (unmounted.isPresent()) {
            return Optional.of(new Made.Failed(Cause.VOLUME, Optional.of(unmounted.get().volume().origin()), unmounted.get().why()));
        }
        Optional<Hooks.Failed> hook = programs.hooks().run();
        if (hook.isPresent()) {
            return Optional.of(new Made.Failed(Cause.HOOK, Optional.of(hook.get().hook().origin()), hook.get().why()));
        }
        String trouble = programs.spaces().make(wanted.leader());
        if (!trouble.isEmpty()) {
            return Optional.of(noSpaces(plan, trouble));
        }
        Optional<Outcome.Failed> late = PlanExecutor.executeLate(sys, plan, probe, views, programs.spaces().procs());
        if (late.isPresent()) {
            return Optional.of(new Made.Failed(Cause.MOUNT, Optional.ofNullable(late.get().step()).map(Step::origin), late.get().why()));
        }
        return Optional.empty();
    }

    /** All is there. */
    private Made handOut(Wanted wanted, Plan plan, List<String> warnings, Programs programs, Fd namespace, HandedOn handedOn, String session) {
        Volumes volumes = programs.volumes();
        Hooks hooks = programs.hooks();
        OwnSpaces spaces = programs.spaces();
        warnings.addAll(volumes.warnings());
        warnings.addAll(hooks.warnings());
        // Whoever comes with a password that fits is not to be given a view in which one that may fail has failed.
        String whole = ViewKey.without(wanted.key(), rules(volumes.failed()));
        Plan done = plan.withVolumes(volumes.mounted());
        Namespaces namespaces = new Namespaces(namespace, spaces.made());
        Ledger.Given given;
        try {
            given = ledger.begin(
                    session, wanted.request(), wanted.leader(), done, attendants(volumes, spaces), wanted.rules(), whole, namespaces, memory(handedOn), warnings);
        } catch (SyscallException e) {
            namespace.close();
            return new Made.Failed(Cause.SESSION, Optional.empty(), "cannot begin the session: " + e.getMessage());
        }
        volumes.handOver();
        handOver(spaces, warnings);
        List<String> notes = new ArrayList<>(plan.leftOut().stream().map(left -> left.target() + " is left out: " + left.why()).toList());
        notes.addAll(volumes.notes());
        notes.addAll(hooks.notes());
        return new Made.Whole(given, notes);
    }

    private static List<Pins.Part> memory(HandedOn handedOn) {
        List<Pins.Part> memory = new ArrayList<>();
        for (HandedOn.Copy copy : handedOn.copies()) {
            memory.add(new Pins.Part(copy.what(), copy.tree()));
        }
        return memory;
    }

    /** Behind the record that names it: who is killed here leaves none that nobody knows of. */
    private static void handOver(OwnSpaces spaces, List<String> warnings) {
        try {
            spaces.handOver();
        } catch (SyscallException e) {
            warnings.add("the first process of the session's PID namespace has ended, and nothing can be started in it");
        }
    }

    private static List<String> rules(List<Volume> volumes) {
        List<String> rules = new ArrayList<>();
        for (Volume volume : volumes) {
            rules.add(volume.origin().rule());
        }
        return rules;
    }

    private List<Attendant> attendants(Volumes volumes, OwnSpaces spaces) {
        List<Attendant> attendants = new ArrayList<>();
        for (int process : volumes.processes()) {
            attendants.add(new Attendant(Attendant.Kind.VOLUME, new Leader(process, sys.sinceBoot())));
        }
        if (spaces.init().isPresent()) {
            attendants.add(new Attendant(Attendant.Kind.INIT, new Leader(spaces.init().get(), sys.sinceBoot())));
        }
        return attendants;
    }
}
