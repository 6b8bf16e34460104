// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jns.folders.FolderStore;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.NamespaceKind;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Position;
import org.jns.model.Question;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.jns.model.Subject;
import org.jns.view.FactsProbe;
import org.jns.view.Outcome;
import org.jns.view.PlanExecutor;

/** A tmpfs in a private mount namespace, with folders on which the code for logins tries steps. */
final class TrialGround {
    /** Every Linux system has it, and the JVM reads nothing in it. */
    private static final AbsPath HERE = AbsPath.of("/run");

    private static final AbsPath TARGET = HERE.child("target");
    private static final AbsPath SOURCE = HERE.child("source");
    private static final AbsPath INSTANCES = HERE.child("instances");
    private static final AbsPath HIDDEN = HERE.child("hidden");
    private static final String SESSION = "0000000000000000";
    private static final Origin ORIGIN = new Origin("trial", new Position("trial", 1, 1));
    private static final Ownership ROOTS = new Ownership(0755, 0, 0);
    private static final int OPEN = 0755;
    private static final int CLOSED = 0700;

    private final Syscalls sys;

    private TrialGround(Syscalls sys) {
        this.sys = sys;
    }

    /**
     * Mounts it in this thread's mount namespace.
     *
     * @throws SyscallException if the kernel cannot
     */
    static TrialGround prepare(Syscalls sys) {
        try (Fd onto = sys.open(Optional.empty(), HERE.value(), OpenAs.PATH, Walk.NO_LINKS);
                Fd memory = sys.fresh("tmpfs", Map.of("mode", "755"), MountFlags.NONE)) {
            sys.attach(memory, onto);
        }
        try (Fd here = sys.open(Optional.empty(), HERE.value(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            sys.makeDirectory(here, TARGET.name(), OPEN);
            sys.makeDirectory(here, SOURCE.name(), OPEN);
            sys.makeDirectory(here, INSTANCES.name(), CLOSED);
            sys.makeDirectory(here, HIDDEN.name(), CLOSED);
        }
        try (Fd hidden = sys.open(Optional.empty(), HIDDEN.value(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            sys.makeDirectory(hidden, "dir", 0);
        }
        return new TrialGround(sys);
    }

    /** What cannot be done, with the reasons. */
    Map<Ability, String> failures(Set<Ability> wanted) {
        Map<Ability, String> failures = new LinkedHashMap<>();
        for (Ability ability : wanted) {
            failure(ability).ifPresent(why -> failures.put(ability, why));
        }
        return failures;
    }

    private Optional<String> failure(Ability ability) {
        if (ability.space().isPresent()) {
            return withoutSpace(ability.space().get());
        }
        if (ability == Ability.FUSE) {
            return withoutFuse();
        }
        Step step = step(ability);
        Subject subject = new Subject("root", 0, 0, "root", Set.of(), "/root", "", "trial", "");
        try (FactsProbe probe = new FactsProbe(sys)) {
            probe.examine(List.of(new Question(step.onto(), false), new Question(SOURCE, false)));
            FolderStore store = new FolderStore(sys, INSTANCES, SESSION);
            Outcome outcome = PlanExecutor.execute(
                    sys, new Plan(subject, List.of(step)), probe, new PlanExecutor.Folders(store, HIDDEN));
            if (outcome instanceof Outcome.Applied applied) {
                applied.namespace().close();
                sys.detach(step.onto().value());
                return Optional.empty();
            }
            return Optional.of("this kernel " + ((Outcome.Failed) outcome).why());
        } catch (SyscallException e) {
            return Optional.of("this kernel cannot try it: " + e.getMessage());
        }
    }

    private Step step(Ability ability) {
        MountFlags flags = MountFlags.NOSUID.plus(MountFlags.NODEV).plus(MountFlags.NOSYMFOLLOW);
        return switch (ability) {
            case PRIVATE -> new Step.PrivateFolder(ORIGIN, TARGET, "trial", ROOTS, flags);
            case BIND -> new Step.Bind(ORIGIN, SOURCE, TARGET, flags);
            case HIDE -> new Step.Hide(ORIGIN, TARGET, true);
            case READ_ONLY -> new Step.ReadOnly(ORIGIN, TARGET, flags.plus(MountFlags.RO));
            case OVERLAY_KEPT -> overlay(Optional.of("overlay"), flags);
            case OVERLAY_DISCARDED -> overlay(Optional.empty(), flags);
            case PROC -> new Step.Proc(ORIGIN, TARGET, Optional.empty(), true, flags);
            default -> new Step.Tmpfs(ORIGIN, TARGET, ROOTS, OptionalLong.empty(), OptionalLong.empty(), flags);
        };
    }

    private static Step overlay(Optional<String> key, MountFlags flags) {
        return new Step.Overlay(
                ORIGIN, TARGET, List.of(SOURCE), key, ROOTS, OptionalLong.empty(), OptionalLong.empty(), flags);
    }

    private Optional<String> withoutSpace(NamespaceKind kind) {
        int self = (int) ProcessHandle.current().pid();
        return sys.namespaceOf(self, kind)
                .map(file -> {
                    file.close();
                    return Optional.<String>empty();
                })
                .orElse(Optional.of("this kernel has no " + kind.word() + " namespaces"));
    }

    /** A mount without a program is refused in any case; only the error for a missing file system type matters. */
    private Optional<String> withoutFuse() {
        try {
            sys.fresh("fuse", Map.of(), MountFlags.NONE).close();
            return Optional.empty();
        } catch (SyscallException e) {
            return e.errno() == Errno.ENODEV
                    ? Optional.of("this kernel has no FUSE; load it: modprobe fuse")
                    : Optional.empty();
        }
    }
}
