// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.linux.Passwd;

/** Sets the user and groups of the command. */
final class Identity {
    private static final String ROOT = "0";

    private Identity() {}

    /** Whether root runs the command as another user; if ids of others are mapped, 0 is one of them. */
    static boolean isOther(RunRequest request, RunCaller caller) throws Refused {
        boolean maps = IdRequest.isMore(request.users) || IdRequest.isMore(request.groups);
        return caller.isRoot()
                && !request.asUnshare
                && request.uid.isPresent()
                && (maps || !uid(request.uid.get(), caller).equals(ROOT));
    }

    private static String uid(String user, RunCaller caller) throws Refused {
        return isNumber(user)
                ? user
                : caller.accounts()
                        .apply(user)
                        .map(Passwd::uid)
                        .map(String::valueOf)
                        .orElseThrow(() -> unknown(user));
    }

    /**
     * Comes first, because later namespaces are not meant for the process outside; but after a password is asked for.
     *
     * @param userSpace whether numbers belong to a user namespace, so that they cannot own a terminal here
     */
    static void terminal(RunRequest request, RunCaller caller, boolean userSpace, Ops ops) throws Refused {
        String owner = userSpace || request.uid.isEmpty() ? "-1" : uid(request.uid.get(), caller);
        ops.addList("pty", List.of("apart", owner), List.of());
    }

    static void add(RunRequest request, RunCaller caller, boolean userSpace, Ops ops) throws Refused {
        Optional<Passwd> account =
                request.uid.isPresent() ? caller.accounts().apply(request.uid.get()) : Optional.empty();
        OptionalLong gid =
                request.gid.isPresent() ? OptionalLong.of(group(request.gid.get(), caller)) : OptionalLong.empty();
        // Outside of user namespaces, a process that is no longer root must not keep root's groups; unshare(1) keeps
        // them.
        boolean leavesRoot = !request.asUnshare && request.uid.isPresent() && caller.isRoot() && !userSpace;
        if (gid.isEmpty() && leavesRoot) {
            gid = OptionalLong.of(
                    account.orElseThrow(() -> unknown(request.uid.get())).gid());
        }
        if (request.gid.isPresent() || leavesRoot) {
            ops.addList(
                    "groups",
                    List.of(),
                    request.gid.isEmpty() && account.isPresent()
                            ? caller.groupsOf().apply(account.get())
                            : List.of());
        }
        gid.ifPresent(id -> ops.add("gid", id));
        if (request.uid.isPresent()) {
            ops.add(
                    "uid",
                    isNumber(request.uid.get())
                            ? request.uid.get()
                            : account.map(Passwd::uid).orElseThrow(() -> unknown(request.uid.get())));
        }
        if (request.keepCaps && userSpace) {
            ops.add("keep-caps");
        }
    }

    private static Refused unknown(String user) {
        return new Refused(
                isNumber(user)
                        ? "cannot become user " + user + ": the user database does not say of which group; add -G"
                        : "cannot become user " + user + ": there is no such user");
    }

    private static long group(String text, RunCaller caller) throws Refused {
        OptionalLong id = isNumber(text)
                ? OptionalLong.of(Long.parseLong(text))
                : caller.groups().byName().apply(text);
        return id.orElseThrow(() -> new Refused("cannot be in group " + text + ": there is no such group"));
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,10}");
    }
}
