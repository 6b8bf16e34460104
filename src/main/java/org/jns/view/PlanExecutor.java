// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jns.Nullable;
import org.jns.folders.FolderStore;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.Plan;
import org.jns.model.Propagation;
import org.jns.model.Step;

/**
 * Carries a plan out in the mount namespace of its thread. System calls only: the rules may have put something else over /usr/lib or the
 * JVM's own folder by now. There is no undoing: the thread leaves a namespace that failed half-way, and so it ends.
 *
 * <p>As a visitor, it carries one step out and returns the number of mounts that this adds.
 *
 * <p>Reasons: docs/decisions/07-read-only-last.md
 */
public final class PlanExecutor implements Step.Visitor<Integer, RuntimeException> {
    private static final int NO_MOUNT = 0;
    private static final int ONE_MOUNT = 1;

    private final Syscalls sys;
    private final Plan plan;
    private final FactsProbe probe;
    private final Folders folders;
    private final List<AbsPath> covered = new ArrayList<>();
    private final MountPoints mountPoints;
    /** What was missing on the host, and is there now. */
    private final Map<AbsPath, Fd> created = new HashMap<>();
    /** What is mounted, by its step: copies of sources from before the first step, and what a step makes. */
    private final Map<Step, Fd> trees = new IdentityHashMap<>();

    private final List<String> warnings = new ArrayList<>();
    private int mounts;
    private final FreshMounts fresh;

    /**
     * The parts of a view in addition to the host's files.
     *
     * @param store of private folders
     * @param hidden the folder with the empty {@code dir} and {@code file} that stand for what is hidden
     * @param handedOn what is there from an older view
     */
    public record Folders(FolderStore store, AbsPath hidden, HandedOn handedOn) {

        /** One that has nothing to do with others. */
        public Folders(FolderStore store, AbsPath hidden) {
            this(store, hidden, new HandedOn());
        }
    }

    private PlanExecutor(Syscalls sys, Plan plan, FactsProbe probe, Folders folders, List<Fd> procs) {
        this.sys = sys;
        this.plan = plan;
        this.probe = probe;
        this.folders = folders;
        this.mountPoints = new MountPoints(sys);
        this.fresh = new FreshMounts(sys, procs);
    }

    /**
     * Carries the plan out except for its late steps.
     *
     * @param probe that has the plan's paths open, in this thread's mount namespace
     */
    public static Outcome execute(Syscalls sys, Plan plan, FactsProbe probe, Folders folders) {
        return new PlanExecutor(sys, plan, probe, folders, List.of()).execute(plan.earlySteps());
    }

    /**
     * Carries the late steps out, where there are some.
     *
     * @param procs contexts made in the PID namespace, one for each of the steps that want one
     */
    public static Optional<Outcome.Failed> executeLate(
            Syscalls sys, Plan plan, FactsProbe probe, Folders folders, List<Fd> procs) {
        if (plan.lateSteps().isEmpty()) {
            return Optional.empty();
        }
        PlanExecutor executor = new PlanExecutor(sys, plan, probe, folders, procs);
        for (Step early : plan.earlySteps()) {
            if (early.isMount()) {
                executor.covered.add(early.onto());
            }
        }
        Outcome outcome = executor.execute(plan.lateSteps());
        if (outcome instanceof Outcome.Failed failed) {
            return Optional.of(failed);
        }
        // It is open already, since the early ones.
        ((Outcome.Applied) outcome).namespace().close();
        return Optional.empty();
    }

    private Outcome execute(List<Step> steps) {
        Step current = null;
        try {
            // Sources are what they were before the first step, whatever the steps put on them.
            for (Step step : steps) {
                current = step;
                sys.approach(step.onto().value());
                prepare(step);
            }
            for (Step step : steps) {
                current = step;
                sys.approach(step.onto().value());
                mounts += step.accept(this);
            }
            for (Step step : steps) {
                current = step;
                // Before it is sealed: mount points may be made in it for a later view, too.
                folders.handedOn().copy(sys, step, trees.get(step), warnings);
                seal(step);
            }
            current = null;
            return new Outcome.Applied(sys.namespaceOfThisThread(), mounts, List.copyOf(warnings));
        } catch (SyscallException e) {
            return new Outcome.Failed(current, "cannot " + doing(current) + ": " + e.getMessage());
        } catch (FolderStore.Unsafe e) {
            return new Outcome.Failed(current, e.getMessage());
        } finally {
            sys.arrive();
            close();
        }
    }

    private static String doing(@Nullable Step current) {
        return current == null ? "hand over the namespace" : current.describe();
    }

    /** A method, for javac writes a finally block out for each way through it, and each has a class of its own for its lambda. */
    private void close() {
        trees.values().forEach(Fd::close);
        created.values().forEach(Fd::close);
    }

    /** In the steps' order: what is created comes first, and may be a source. */
    private void prepare(Step step) throws FolderStore.Unsafe {
        if (step instanceof Step.Create create) {
            created.put(create.onto(), mountPoints.create(create));
        } else if (step instanceof Step.Bind bind) {
            trees.put(step, sys.cloneTree(host(bind.from()), true));
        } else if (step instanceof Step.PassThrough passThrough) {
            trees.put(step, sys.cloneTree(host(passThrough.from()), true));
        } else if (step instanceof Step.PrivateFolder privateFolder) {
            trees.put(step, cloneFolder(privateFolder));
        } else if (step instanceof Step.Overlay overlay) {
            Optional<Fd> before = folders.handedOn().take(overlay);
            trees.put(step, before.isPresent() ? before.get() : makeOverlay(overlay));
        } else if (step instanceof Step.Hide hide) {
            String empty =
                    folders.hidden().child(hide.directory() ? "dir" : "file").value();
            try (Fd nothing = sys.open(empty, OpenAs.PATH)) {
                trees.put(step, sys.cloneTree(nothing, false));
            }
        }
    }

    /** What the host has there, as it was looked at. */
    private Fd host(AbsPath path) {
        Fd made = created.get(path);
        return made != null ? made : probe.at(path).orElseThrow();
    }

    private Fd cloneFolder(Step.PrivateFolder s) throws FolderStore.Unsafe {
        Optional<FolderStore.Skel> skel = Optional.empty();
        if (s.skel().isPresent()) {
            skel = Optional.of(
                    new FolderStore.Skel(host(s.skel().get()), s.skel().get()));
        }
        try (Fd base = folders.store().openBase();
                Fd folder = folders.store()
                        .open(base, plan.subject(), s.key(), s.lifetime(), s.ownership(), skel, warnings)) {
            return sys.cloneTree(folder, false);
        }
    }

    private Fd makeOverlay(Step.Overlay s) throws FolderStore.Unsafe {
        Overlays overlays = new Overlays(sys, folders.store(), folders.hidden().child("dir"), plan.subject(), warnings);
        List<Fd> lower = new ArrayList<>();
        try {
            for (AbsPath path : s.lower()) {
                lower.add(sys.open(host(path), ".", OpenAs.DIRECTORY));
            }
            return overlays.make(s, lower);
        } finally {
            closeAll(lower);
        }
    }

    private static void closeAll(List<Fd> files) {
        files.forEach(Fd::close);
    }

    /** The target: as it was looked at, or, where an earlier step lies above it, as it is now. */
    private Fd target(AbsPath onto) {
        return isCovered(onto) ? sys.open(onto.value(), OpenAs.PATH) : host(onto);
    }

    private boolean isCovered(AbsPath onto) {
        return covered.stream().anyMatch(onto::isBelow);
    }

    private int attach(Fd tree, AbsPath onto) {
        Fd target = target(onto);
        try {
            return attach(tree, onto, target);
        } finally {
            release(onto, target);
        }
    }

    private int attach(Fd tree, AbsPath onto, Fd target) {
        sys.attach(tree, target);
        covered.add(onto);
        return ONE_MOUNT;
    }

    /** Unless it is of those that are closed at the end. */
    private void release(AbsPath onto, Fd target) {
        if (isCovered(onto)) {
            target.close();
        }
    }

    /** Read-only comes when every mount point inside is made. The flag belongs to one mount: what lies on it stays as it is. */
    private void seal(Step step) {
        if (step.isFilledLater() && step.flags().has(MountFlags.RO)) {
            sys.restrict(tree(step), MountFlags.RO, false);
        }
    }

    @Override
    public Integer makeMountPoint(Step.MakeMountPoint s) {
        mountPoints.make(s);
        return NO_MOUNT;
    }

    /** There is nothing left to do: what others show may be in it. */
    @Override
    public Integer create(Step.Create s) {
        return NO_MOUNT;
    }

    @Override
    public Integer privateFolder(Step.PrivateFolder s) {
        return show(s, MountPoints.writable(s.flags()), s.propagation(), false);
    }

    @Override
    public Integer bind(Step.Bind s) {
        return show(s, s.flags(), s.propagation(), true);
    }

    @Override
    public Integer passThrough(Step.PassThrough s) {
        return show(s, s.flags(), s.propagation(), true);
    }

    private Fd tree(Step step) {
        return Objects.requireNonNull(trees.get(step));
    }

    private int show(Step step, MountFlags flags, Propagation propagation, boolean withSubmounts) {
        Fd tree = tree(step);
        if (propagation == Propagation.PRIVATE) {
            sys.makePrivate(tree, withSubmounts);
        }
        if (!flags.isEmpty()) {
            sys.restrict(tree, flags, withSubmounts);
        }
        return attach(tree, step.onto());
    }

    @Override
    public Integer overlay(Step.Overlay s) {
        return attach(tree(s), s.onto());
    }

    @Override
    public Integer tmpfs(Step.Tmpfs s) {
        Optional<Fd> before = folders.handedOn().take(s);
        Fd tree = before.isPresent() ? before.get() : fresh.tmpfs(s);
        trees.put(s, tree);
        return attach(tree, s.onto());
    }

    @Override
    public Integer hide(Step.Hide s) {
        Fd tree = tree(s);
        sys.makePrivate(tree, false);
        sys.restrict(
                tree,
                MountFlags.RO.plus(MountFlags.NOSUID).plus(MountFlags.NODEV).plus(MountFlags.NOEXEC),
                false);
        return attach(tree, s.onto());
    }

    @Override
    public Integer readOnly(Step.ReadOnly s) {
        Fd target = target(s.onto());
        try (Fd tree = sys.cloneTree(target, true)) {
            if (s.propagation() == Propagation.PRIVATE) {
                sys.makePrivate(tree, true);
            }
            sys.restrict(tree, s.flags(), true);
            return attach(tree, s.onto(), target);
        } finally {
            release(s.onto(), target);
        }
    }

    @Override
    public Integer proc(Step.Proc s) {
        try (Fd tree = fresh.proc(s)) {
            return attach(tree, s.onto());
        }
    }
}
