// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.model.NamespaceKind;
import org.jns.recipe.Op;
import org.jns.recipe.Recipe;

/**
 * Turns a request into a recipe, in the order of unshare(1). The changes of the view come after its mounts are cut off
 * from the host's, and before the command becomes a separate process.
 *
 * <p>Reasons: docs/decisions/64-user-namespaces-of-jnsrun.md
 */
final class RunRecipe {
    /** The slot of the view that rules have made. */
    private static final int VIEW = 0;

    private static final int ROOT = 1;
    private static final int TREE = 2;

    /** In which namespaces are bound to the files that keep them, and named in messages. */
    private static final List<NamespaceKind> BIND_ORDER = List.of(
            NamespaceKind.USER,
            NamespaceKind.CGROUP,
            NamespaceKind.IPC,
            NamespaceKind.UTS,
            NamespaceKind.NET,
            NamespaceKind.PID,
            NamespaceKind.MOUNT,
            NamespaceKind.TIME);

    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_BOOTTIME = 7;
    /** From mount_setattr(2). */
    private static final int READ_ONLY = 1;

    private static final int NOSUID_NODEV = 6;

    private final RunRequest request;
    private final RunCaller caller;
    private final Set<NamespaceKind> spaces;
    private final boolean twice;
    /** A tmpfs of an ordinary user, who can mount there: it contains nothing that must stay. */
    private final boolean own;

    private final Optional<List<Op>> steps;
    private final Ops ops;

    private RunRecipe(RunRequest request, RunCaller caller, Optional<List<Op>> steps) {
        this.request = request;
        this.caller = caller;
        this.steps = steps;
        this.ops = new Ops(request.verbose);
        this.twice = isTwice(request, caller);
        this.spaces = EnumSet.noneOf(NamespaceKind.class);
        spaces.addAll(request.spaces);
        this.own = isOwn(request, caller);
        if (request.changesView() || wantsNothingNew(request)) {
            spaces.add(NamespaceKind.MOUNT);
        }
        if (twice || own) {
            spaces.add(NamespaceKind.USER);
        }
    }

    /**
     * Whether two nested user namespaces are needed: in the outer one the caller is root and mounts, in the inner one
     * the command has the caller's ids, and cannot undo the mounts.
     */
    static boolean isTwice(RunRequest request, RunCaller caller) {
        return !caller.isRoot() && !request.wantsUserSpace() && (request.changesView() || request.hostname.isPresent());
    }

    /**
     * No namespace is named, and no option needs one. Then the command gets its own mounts; unshare(1) would leave it
     * the caller's.
     */
    private static boolean wantsNothingNew(RunRequest request) {
        return !request.asUnshare && request.spaces.isEmpty() && !request.changesView();
    }

    /**
     * Whether an ordinary user gets only a mount namespace, and a user namespace with the user's own ids in which
     * mounting is allowed.
     */
    static boolean isOwn(RunRequest request, RunCaller caller) {
        return !caller.isRoot() && wantsNothingNew(request);
    }

    /** @param steps the ops that carry out rules for an ordinary user; for root, rules come as a view in slot 0 */
    static Recipe compose(RunRequest request, RunCaller caller, Optional<List<Op>> steps) throws Refused {
        Checks.check(request, caller);
        return new RunRecipe(request, caller, steps).compose();
    }

    private Recipe compose() throws Refused {
        boolean apart = Identity.isOther(request, caller);
        if (apart) {
            ops.addList("apart", List.of(), List.of());
        }
        if (apart && !request.hasVolume()) {
            Identity.terminal(request, caller, spaces.contains(NamespaceKind.USER), ops);
        }
        keepers();
        if (request.hasRules() && steps.isEmpty()) {
            ops.say("enter the view that the rules have made");
            ops.addList("enter", List.of(), List.of(VIEW));
            ops.add("wd-stay");
            if (!spaces.contains(NamespaceKind.USER)) {
                // The command's own namespace already has it.
                spaces.remove(NamespaceKind.MOUNT);
            }
        }
        boolean late = spaces.contains(NamespaceKind.PID) && request.hasVolume();
        unshare(late);
        times();
        maps();
        if (spaces.contains(NamespaceKind.MOUNT) && request.propagation() != RunRequest.Propagation.UNCHANGED) {
            ops.add("propagation", request.propagation().flags());
        }
        if (request.hostname.isPresent()) {
            ops.say("host name " + request.hostname.get());
            ops.add("hostname", request.hostname.get());
        }
        view();
        if (apart && request.hasVolume()) {
            Identity.terminal(request, caller, spaces.contains(NamespaceKind.USER), ops);
        }
        if (late) {
            // The next process becomes process 1 there: it must not be a volume's program.
            ops.add("unshare", NamespaceKind.PID.flag());
        }
        CommandOps.fork(request, ops);
        if (!request.kept.isEmpty()) {
            ops.add("kept");
        }
        place();
        identity();
        CommandOps.arguments(request, caller, ops);
        ops.add("exec", CommandOps.file(request, caller));
        return ops.recipe();
    }

    /** Processes that stay outside. */
    private void keepers() throws Refused {
        if (!request.kept.isEmpty()) {
            List<String> files = new ArrayList<>();
            for (NamespaceKind kind : BIND_ORDER) {
                if (request.kept.containsKey(kind)) {
                    files.addAll(List.of(forChildren(kind), request.kept.get(kind)));
                }
            }
            ops.addList("keeper", List.of(), files);
        }
        if (needsMapper()) {
            String how = caller.isRoot() ? "direct" : "programs";
            ops.add("mapper", how, ranges(request.users, caller.users()), ranges(request.groups, caller.groups()));
        }
    }

    /** The file below /proc/PID/ns of the namespace in which the next child will be. */
    private static String forChildren(NamespaceKind kind) {
        boolean another = kind == NamespaceKind.PID || kind == NamespaceKind.TIME;
        return another ? kind.word() + "_for_children" : kind.word();
    }

    private boolean needsMapper() {
        return IdRequest.isMore(request.users) || IdRequest.isMore(request.groups);
    }

    private static String ranges(List<IdRequest> requests, Ids ids) throws Refused {
        return IdRequest.isMore(requests) ? IdRange.text(IdRequest.ranges(requests, ids)) : "";
    }

    private static String single(List<IdRequest> requests, Ids ids) throws Refused {
        return IdRequest.isMore(requests) ? "" : IdRange.text(IdRequest.ranges(requests, ids));
    }

    private void unshare(boolean late) {
        long flags = 0;
        List<String> names = new ArrayList<>();
        for (NamespaceKind kind : BIND_ORDER) {
            if (spaces.contains(kind)) {
                names.add(kind.option());
                flags |= late && kind == NamespaceKind.PID ? 0 : kind.flag();
            }
        }
        if (!names.isEmpty()) {
            ops.say("new namespaces: " + String.join(", ", names));
            ops.add("unshare", flags);
        }
        if (needsMapper()) {
            ops.add("mapped");
        }
    }

    private void times() {
        if (request.boottime.isPresent()) {
            ops.add("time-offset", CLOCK_BOOTTIME, request.boottime.get());
        }
        if (request.monotonic.isPresent()) {
            ops.add("time-offset", CLOCK_MONOTONIC, request.monotonic.get());
        }
    }

    private void maps() throws Refused {
        if (twice) {
            ops.add("map-self", "0 " + caller.uid() + " 1\n", "0 " + caller.gid() + " 1\n");
            return;
        }
        if (own) {
            ops.add("map-self", caller.uid() + " " + caller.uid() + " 1\n", caller.gid() + " " + caller.gid() + " 1\n");
        }
        String users = single(request.users, caller.users());
        String groups = single(request.groups, caller.groups());
        if (!users.isEmpty() || !groups.isEmpty()) {
            ops.add("map-self", users, groups);
        }
        if (request.setgroups.isPresent()) {
            ops.add("setgroups", request.setgroups.get() ? "allow" : "deny");
        }
    }

    private void view() {
        if (request.rootfs.isPresent()) {
            ops.say(request.rootfs.get() + " becomes the root");
            ops.add("base", request.rootfs.get());
        }
        steps.ifPresent(list -> list.forEach(ops::add));
        request.mounts.forEach(this::mount);
    }

    private void mount(Mounting mount) {
        if (mount instanceof Mounting.Bind bind) {
            ops.say(bind.onto() + " shows " + bind.from() + (bind.readOnly() ? ", read-only" : ""));
            ops.add("tree", TREE, bind.from(), bind.readOnly() ? READ_ONLY : 0);
            ops.add("attach", TREE, bind.onto());
        } else if (mount instanceof Mounting.Tmpfs tmpfs) {
            ops.say(tmpfs.onto() + " is empty, in memory");
            ops.add("tmpfs", tmpfs.onto(), "", tmpfs.size().orElse(""), "", NOSUID_NODEV);
        } else if (mount instanceof Mounting.Hide hide) {
            ops.say(hide.onto() + " is hidden");
            ops.add("hide", hide.onto());
        } else {
            Mounting.Encfs encfs = (Mounting.Encfs) mount;
            ops.say(encfs.onto() + " shows the volume " + encfs.raw());
            List<String> fixed = List.of(
                    encfs.raw(),
                    encfs.onto(),
                    request.passwordFromInput ? "stdin" : "terminal",
                    "Password of " + encfs.raw() + ": ");
            ops.addList("serve", fixed, List.of("encfs", "-f", "-S"));
        }
    }

    private void place() {
        int changed = request.propagation() == RunRequest.Propagation.PRIVATE || request.root.isPresent() ? 0 : 1;
        if (request.rootfs.isPresent()) {
            request.proc.ifPresent(folder -> ops.add("proc", folder, changed));
            ops.add("pivot");
            request.folder.ifPresent(folder -> ops.add("wd-in", folder));
            return;
        }
        if (request.root.isPresent()) {
            ops.add("open", ROOT, "-", request.root.get(), "dir");
            ops.add("root", ROOT);
            ops.add("wd-in", request.folder.orElse("/"));
        } else if (request.folder.isPresent()) {
            if (request.changesView()) {
                ops.add("wd-stay");
            }
            ops.add("wd-in", request.folder.get());
        }
        request.proc.ifPresent(folder -> ops.add("proc", folder, changed));
        if (request.changesView() && request.root.isEmpty() && request.folder.isEmpty()) {
            ops.add("wd-stay");
        }
    }

    private void identity() throws Refused {
        if (twice) {
            ops.add("unshare", NamespaceKind.USER.flag());
            ops.add("map-self", caller.uid() + " 0 1\n", caller.gid() + " 0 1\n");
            ops.add("drop-caps");
        } else {
            Identity.add(request, caller, spaces.contains(NamespaceKind.USER), ops);
            if (own && !request.keepCaps) {
                ops.add("keep-caps");
            }
        }
    }
}
