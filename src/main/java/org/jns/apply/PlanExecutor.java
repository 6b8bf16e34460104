// SPDX-License-Identifier: Apache-2.0
package org.jns.apply;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.Plan;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.jns.sys.Errno;
import org.jns.sys.Fd;
import org.jns.sys.Stat;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;
import org.jns.sys.Syscalls.OpenAs;
import org.jns.sys.Syscalls.Walk;

/**
 * Carries a plan out in the mount namespace of its thread. System calls only: the rules may have put something else over /usr/lib or the
 * JVM's own folder by now. There is no undoing; a namespace that failed half-way is dropped with the thread.
 */
public final class PlanExecutor implements Step.Visitor<Void> {
    private final Syscalls sys;
    private final Plan plan;
    private final FactsProbe probe;
    private final Views views;
    private final List<AbsPath> covered = new ArrayList<>();
    private final Map<Step, Fd> sources = new IdentityHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private int mounts;

    /**
     * What a view is made of beside the host's files.
     *
     * @param store of private folders
     * @param hidden the folder with the empty {@code dir} and {@code file} that stand for what is hidden
     */
    public record Views(InstanceStore store, AbsPath hidden) {}

    private PlanExecutor(Syscalls sys, Plan plan, FactsProbe probe, Views views) {
        this.sys = sys;
        this.plan = plan;
        this.probe = probe;
        this.views = views;
    }

    /**
     * @param probe that has the plan's paths open, in this thread's mount namespace
     */
    public static Outcome execute(Syscalls sys, Plan plan, FactsProbe probe, Views views) {
        PlanExecutor executor = new PlanExecutor(sys, plan, probe, views);
        Step current = null;
        try {
            // Sources are what they were before the first step, whatever the steps put on them.
            for (Step step : plan.steps()) {
                current = step;
                executor.openSource(step);
            }
            for (Step step : plan.steps()) {
                current = step;
                step.accept(executor);
            }
            current = null;
            return new Outcome.Applied(sys.namespaceOfThisThread(), executor.mounts, List.copyOf(executor.warnings));
        } catch (SyscallException e) {
            return new Outcome.Failed(current, "cannot " + doing(current) + ": " + e.getMessage());
        } catch (InstanceStore.Unsafe e) {
            return new Outcome.Failed(current, e.getMessage());
        } finally {
            executor.closeSources();
        }
    }

    /** A method, for javac writes a finally block out for each way through it, and each has a class of its own for its lambda. */
    private void closeSources() {
        sources.values().forEach(Fd::close);
    }

    private void openSource(Step step) throws InstanceStore.Unsafe {
        if (step instanceof Step.Bind bind) {
            sources.put(step, sys.cloneTree(probe.at(bind.from()).orElseThrow(), true));
        } else if (step instanceof Step.Instance instance) {
            try (Fd base = views.store().openBase();
                    Fd folder = views.store().open(base, plan.subject(), instance.key(), instance.ownership(), warnings)) {
                sources.put(step, sys.cloneTree(folder, false));
            }
        } else if (step instanceof Step.Hide hide) {
            String empty = views.hidden().child(hide.directory() ? "dir" : "file").value();
            try (Fd nothing = sys.open(Optional.empty(), empty, OpenAs.PATH, Walk.NO_LINKS)) {
                sources.put(step, sys.cloneTree(nothing, false));
            }
        }
    }

    /** The target: as it was looked at, or, where an earlier step lies above it, as it is now. */
    private Fd target(AbsPath onto) {
        boolean below = covered.stream().anyMatch(onto::isBelow);
        return below ? sys.open(Optional.empty(), onto.value(), OpenAs.PATH, Walk.NO_LINKS) : probe.at(onto).orElseThrow();
    }

    private void attach(Fd tree, AbsPath onto) {
        boolean below = covered.stream().anyMatch(onto::isBelow);
        Fd target = target(onto);
        try {
            sys.attach(tree, target);
        } finally {
            if (below) {
                target.close();
            }
        }
        covered.add(onto);
        mounts++;
    }

    @Override
    public Void makeMountPoint(Step.MakeMountPoint s) {
        try (Fd folder = sys.open(Optional.empty(), s.onto().parent().value(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            makeMountPoint(folder, s);
        }
        return null;
    }

    /** In a private folder the user may have put something there already: it serves if it is of the right kind, and no link. A
     * file is changed through the descriptor that made it: by its name it could be a hard link by now. */
    private void makeMountPoint(Fd folder, Step.MakeMountPoint s) {
        try (Fd made = s.directory() ? makeFolder(folder, s.onto().name()) : sys.create(folder, s.onto().name())) {
            sys.changeOwner(made, s.ownership().uid(), s.ownership().gid());
            sys.changeMode(made, s.ownership().mode());
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            requireKind(folder, s.onto().name(), s.directory());
        }
    }

    /** Where the folder around it is the user's, the user may put another one in its place before it is opened: it must be root's. */
    private Fd makeFolder(Fd folder, String name) {
        sys.makeDirectory(folder, name, 0700);
        Fd made = sys.open(Optional.of(folder), name, OpenAs.DIRECTORY, Walk.INSIDE);
        try {
            Stat stat = sys.stat(made);
            if (stat.uid() != 0 || stat.permissions() != 0700) {
                throw new SyscallException("mount point", name, Errno.EEXIST);
            }
            return made;
        } catch (SyscallException e) {
            made.close();
            throw e;
        }
    }

    private void requireKind(Fd folder, String name, boolean directory) {
        try (Fd there = sys.open(Optional.of(folder), name, OpenAs.LINK_ITSELF, Walk.INSIDE)) {
            Stat stat = sys.stat(there);
            if (directory ? !stat.isDirectory() : !stat.isRegular()) {
                throw new SyscallException("mount point", name, directory ? Errno.ENOTDIR : Errno.EEXIST);
            }
        }
    }

    @Override
    public Void instance(Step.Instance s) {
        Fd tree = sources.get(s);
        sys.makePrivate(tree);
        restrict(tree, s.flags(), false);
        attach(tree, s.onto());
        return null;
    }

    @Override
    public Void bind(Step.Bind s) {
        Fd tree = sources.get(s);
        restrict(tree, s.flags(), true);
        attach(tree, s.onto());
        return null;
    }

    @Override
    public Void tmpfs(Step.Tmpfs s) {
        Ownership o = s.ownership();
        Map<String, String> options = new LinkedHashMap<>();
        options.put("mode", Integer.toOctalString(o.mode()));
        options.put("uid", Long.toString(o.uid()));
        options.put("gid", Long.toString(o.gid()));
        s.size().ifPresent(size -> options.put("size", Long.toString(size)));
        s.inodes().ifPresent(inodes -> options.put("nr_inodes", Long.toString(inodes)));
        try (Fd tree = sys.tmpfs(options, s.flags())) {
            attach(tree, s.onto());
        }
        return null;
    }

    @Override
    public Void hide(Step.Hide s) {
        Fd tree = sources.get(s);
        sys.makePrivate(tree);
        sys.restrict(tree, MountFlags.RO.plus(MountFlags.NOSUID).plus(MountFlags.NODEV).plus(MountFlags.NOEXEC), false);
        attach(tree, s.onto());
        return null;
    }

    @Override
    public Void readOnly(Step.ReadOnly s) {
        boolean below = covered.stream().anyMatch(s.onto()::isBelow);
        Fd target = target(s.onto());
        try (Fd tree = sys.cloneTree(target, true)) {
            sys.restrict(tree, s.flags(), true);
            sys.attach(tree, target);
        } finally {
            if (below) {
                target.close();
            }
        }
        covered.add(s.onto());
        mounts++;
        return null;
    }

    @Override
    public Void create(Step.Create s) {
        throw new SyscallException("mkdirat", s.onto().value(), Errno.ENOSYS);
    }

    @Override
    public Void overlay(Step.Overlay s) {
        throw new SyscallException("fsopen", "overlay", Errno.ENOSYS);
    }

    @Override
    public Void passThrough(Step.PassThrough s) {
        throw new SyscallException("open_tree", s.from().value(), Errno.ENOSYS);
    }

    @Override
    public Void proc(Step.Proc s) {
        throw new SyscallException("fsopen", "proc", Errno.ENOSYS);
    }

    private void restrict(Fd tree, MountFlags flags, boolean withSubmounts) {
        if (!flags.isEmpty()) {
            sys.restrict(tree, flags, withSubmounts);
        }
    }

    /** What a step does, in words: "bind /usr/lib32 on /usr/lib". */
    public static String doing(Step step) {
        return step == null ? "hand over the namespace" : step.accept(new InWords());
    }

    private static final class InWords implements Step.Visitor<String> {
        @Override
        public String makeMountPoint(Step.MakeMountPoint s) {
            return "make the mount point " + s.onto();
        }

        @Override
        public String instance(Step.Instance s) {
            return "make " + s.onto() + " private";
        }

        @Override
        public String bind(Step.Bind s) {
            return "bind " + s.from() + " on " + s.onto();
        }

        @Override
        public String tmpfs(Step.Tmpfs s) {
            return "put tmpfs on " + s.onto();
        }

        @Override
        public String hide(Step.Hide s) {
            return "hide " + s.onto();
        }

        @Override
        public String readOnly(Step.ReadOnly s) {
            return "make " + s.onto() + " read-only";
        }

        @Override
        public String create(Step.Create s) {
            return "create " + s.onto();
        }

        @Override
        public String overlay(Step.Overlay s) {
            return "put an overlay on " + s.onto();
        }

        @Override
        public String passThrough(Step.PassThrough s) {
            return "pass " + s.from() + " through to " + s.onto();
        }

        @Override
        public String proc(Step.Proc s) {
            return "put proc on " + s.onto();
        }
    }
}
