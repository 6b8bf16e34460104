// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.config.Places;
import org.jns.folders.FolderStore;
import org.jns.linux.AccountFiles;
import org.jns.linux.Fd;
import org.jns.linux.NameService;
import org.jns.linux.Namespaces;
import org.jns.linux.Progress;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Cause;
import org.jns.model.Hook;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Volume;
import org.jns.state.Pins;
import org.jns.state.SeenProcess;
import org.jns.state.SupportProcess;

/**
 * Builds a view by its plan, on the thread whose mount namespace becomes the view: first mounts, then volumes, then hooks, then the other
 * namespaces, which volumes and hooks are not in, and last what shows the processes of its PID namespace. Logins and views for one command
 * are built here. Until {@link #handOver}, closing it ends everything that it has made.
 */
public final class ViewBuilder implements AutoCloseable {
    private final Syscalls sys;
    private final NameService names;
    private final String session;
    private final Plan plan;
    private final FactsProbe probe;
    private final Volumes volumes;
    private final Hooks hooks;
    private final OwnSpaces spaces;
    private final HandedOn memory = new HandedOn();
    private final FolderStore store;
    private final PlanExecutor.Folders folders;
    private final List<String> warnings = new ArrayList<>();
    /** Empty before it is built, and after it is handed over. */
    private Optional<Fd> namespace = Optional.empty();

    /**
     * Makes no system call.
     *
     * @param session names what is in use by the view until it is built
     * @param probe has the plan's paths open, and stays the caller's
     */
    public ViewBuilder(Syscalls sys, NameService names, Places places, String session, Plan plan, FactsProbe probe) {
        this.sys = sys;
        this.names = names;
        this.session = session;
        this.plan = plan;
        this.probe = probe;
        this.volumes = new Volumes(sys, plan);
        this.hooks = new Hooks(sys, plan);
        this.spaces = new OwnSpaces(sys, plan);
        this.store = new FolderStore(sys, places.instances(), session, names);
        this.folders = new PlanExecutor.Folders(store, places.hidden(), memory);
    }

    /**
     * Opens what volumes, hooks and namespaces need of the host's files, while the host's files are what this thread sees.
     *
     * @param password a pipe that nobody here reads; the caller's
     */
    public void open(Optional<Fd> password) throws NoView {
        List<Long> groups = groups();
        try {
            volumes.open(groups, password);
        } catch (SyscallException e) {
            Volume first = plan.volumes().get(0);
            throw new NoView(
                    Cause.VOLUME,
                    Optional.of(first.origin()),
                    "cannot mount a volume on " + first.target() + ": " + e.getMessage());
        }
        try {
            hooks.open(groups);
        } catch (SyscallException e) {
            Hook first = plan.hooks().get(0);
            throw new NoView(
                    Cause.HOOK, Optional.of(first.origin()), "cannot run " + first.program() + ": " + e.getMessage());
        }
        try {
            spaces.open();
        } catch (SyscallException e) {
            throw noSpaces("cannot make namespaces: " + e.getMessage());
        }
    }

    /** What the view gets from the user's older views and keeps for later ones. To be filled between {@link #open} and {@link #build}. */
    public HandedOn memory() {
        return memory;
    }

    /**
     * Carries the plan out. From here on the thread makes system calls and nothing else: the rules may have put something else over the
     * JVM's own files.
     *
     * @param leader the process that logs in
     */
    public void build(int leader) throws NoView {
        Outcome outcome = PlanExecutor.execute(sys, plan, probe, folders);
        if (outcome instanceof Outcome.Failed failed) {
            throw stepFailed(failed);
        }
        Outcome.Applied applied = (Outcome.Applied) outcome;
        namespace = Optional.of(applied.namespace());
        warnings.addAll(applied.warnings());
        Optional<Volumes.Failed> volume = volumes.mount();
        if (volume.isPresent()) {
            throw new NoView(
                    Cause.VOLUME,
                    Optional.of(volume.get().volume().origin()),
                    volume.get().why());
        }
        Optional<Hooks.Failed> hook = hooks.run();
        if (hook.isPresent()) {
            throw new NoView(
                    Cause.HOOK,
                    Optional.of(hook.get().hook().origin()),
                    hook.get().why());
        }
        String trouble = spaces.make(leader);
        if (!trouble.isEmpty()) {
            throw noSpaces(trouble);
        }
        Optional<Outcome.Failed> late = PlanExecutor.executeLate(sys, plan, probe, folders, spaces.procs());
        if (late.isPresent()) {
            throw stepFailed(late.get());
        }
        warnings.addAll(volumes.warnings());
        warnings.addAll(hooks.warnings());
    }

    private static NoView stepFailed(Outcome.Failed failed) {
        return new NoView(Cause.MOUNT, Optional.ofNullable(failed.step()).map(Step::origin), failed.why());
    }

    private NoView noSpaces(String why) {
        Origin first = plan.spaces().wanted().get(0).origin();
        return new NoView(Cause.NAMESPACE, Optional.of(first), why);
    }

    private List<Long> groups() throws NoView {
        boolean wanted = !plan.volumes().isEmpty();
        for (Hook hook : plan.hooks()) {
            wanted |= hook.asUser();
        }
        try {
            return wanted ? groupsOf(plan.subject()) : List.of();
        } catch (SyscallException e) {
            throw new NoView(
                    Cause.USER, "cannot look up the groups of " + plan.subject().alias() + ": " + e.getMessage());
        }
    }

    /** Looked up in the host's view, because the user's view may have another user database. Root's come from files. */
    private List<Long> groupsOf(Subject subject) {
        if (subject.isRoot()) {
            return new AccountFiles(sys)
                    .groupsOf(subject.alias(), subject.gid())
                    .ids();
        }
        sys.approach(Progress.USERS);
        try {
            return names.groupsOf(subject.alias(), subject.gid());
        } finally {
            sys.arrive();
        }
    }

    public String session() {
        return session;
    }

    /** The plan as it was carried out: without the volumes that could not be mounted and need not be. */
    public Plan done() {
        return plan.withVolumes(volumes.mounted());
    }

    /** The names of the rules whose optional volumes could not be mounted. */
    public List<String> failedVolumes() {
        List<String> rules = new ArrayList<>();
        for (Volume volume : volumes.failed()) {
            rules.add(volume.origin().rule());
        }
        return rules;
    }

    public Namespaces namespaces() {
        return new Namespaces(namespace.orElseThrow(), spaces.made());
    }

    /** The processes that the view needs, as the kernel knows them now. */
    public List<SupportProcess> supportProcesses() {
        List<SupportProcess> supportProcesses = new ArrayList<>();
        for (int process : volumes.processes()) {
            supportProcesses.add(
                    new SupportProcess(SupportProcess.Kind.VOLUME, new SeenProcess(process, sys.sinceBoot())));
        }
        if (spaces.init().isPresent()) {
            supportProcesses.add(new SupportProcess(
                    SupportProcess.Kind.INIT, new SeenProcess(spaces.init().get(), sys.sinceBoot())));
        }
        return supportProcesses;
    }

    /** Copies of what the view has in memory, for the user's later views. */
    public List<Pins.Part> copies() {
        List<Pins.Part> parts = new ArrayList<>();
        for (HandedOn.Copy copy : memory.copies()) {
            parts.add(new Pins.Part(copy.what(), copy.tree()));
        }
        return parts;
    }

    /** Problems that did not prevent the view. */
    public List<String> warnings() {
        return warnings;
    }

    /** What was left out, and what programs said. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (Plan.LeftOut left : plan.leftOut()) {
            notes.add(left.target() + " is left out: " + left.why());
        }
        notes.addAll(volumes.notes());
        notes.addAll(hooks.notes());
        return notes;
    }

    /**
     * The caller owns the namespaces from now on, and the support processes stay. If there are support processes, only
     * after a record names them: a daemon that is killed here must leave no process that nobody knows of.
     */
    public void handOver() {
        namespace = Optional.empty();
        volumes.handOver();
        try {
            spaces.handOver();
        } catch (SyscallException e) {
            warnings.add(
                    "the first process of the session's PID namespace has ended, and nothing can be started in it");
        }
    }

    /**
     * Closes in reverse order. The store comes after everything has run, because nothing that the view uses may be
     * removed before.
     */
    @Override
    public void close() {
        try (volumes;
                hooks;
                spaces;
                store;
                memory) {
            if (namespace.isPresent()) {
                namespace.get().close();
            }
        }
    }
}
