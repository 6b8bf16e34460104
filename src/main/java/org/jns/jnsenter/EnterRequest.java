// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.model.NamespaceKind;

/**
 * A parsed command line of jnsenter. Texts are raw.
 *
 * @param spaces the named kinds of namespaces, each with a file or, empty, the target's
 * @param root likewise a folder, or the target's
 * @param wd the same
 * @param uid a number, a name or {@link #FOLLOW}
 * @param gid the same
 * @param netSocket the number of a descriptor of the target
 * @param variables each NAME=VALUE
 * @param asNsenter do only what nsenter(1) does, without protection of the caller
 * @param command empty: a shell
 */
record EnterRequest(
        Target target,
        boolean all,
        Map<NamespaceKind, String> spaces,
        boolean userParent,
        Optional<String> netSocket,
        Optional<String> root,
        Optional<String> wd,
        Optional<String> wdInside,
        Optional<String> uid,
        Optional<String> gid,
        boolean preserveCredentials,
        boolean keepCaps,
        boolean environmentOfTarget,
        boolean noFork,
        boolean joinCgroup,
        boolean followContext,
        Terminal terminal,
        List<String> variables,
        boolean login,
        boolean trustMounts,
        boolean asNsenter,
        List<String> command) {
    static final String FOLLOW = "follow";

    /** Whether the command has a separate terminal. */
    enum Terminal {
        ALWAYS,
        NEVER,
        /** If the caller has one and the command runs as another user. */
        USUAL
    }

    EnterRequest {
        spaces = Map.copyOf(spaces);
        variables = List.copyOf(variables);
        command = List.copyOf(command);
    }

    boolean wants(NamespaceKind space) {
        return all || spaces.containsKey(space);
    }

    /** Empty: the target's, or none. */
    String file(NamespaceKind space) {
        return spaces.getOrDefault(space, "");
    }

    boolean isOfProcess() {
        return target instanceof Target.Process || target instanceof Target.Unit;
    }

    boolean isOfView() {
        return target instanceof Target.User || target instanceof Target.Session || target instanceof Target.View;
    }

    /** Whether the process decides something that changes what the command does. */
    boolean takesFromProcess() {
        return root.equals(Optional.of("")) || wd.equals(Optional.of("")) || environmentOfTarget || followContext;
    }

    /** The options that need a process. */
    Optional<String> needsProcess() {
        if (all && !isOfView()) {
            return Optional.of("--all");
        }
        if (netSocket.isPresent()) {
            return Optional.of("--net-socket");
        }
        if (environmentOfTarget) {
            return Optional.of("--env");
        }
        if (joinCgroup) {
            return Optional.of("--join-cgroup");
        }
        if (followContext) {
            return Optional.of("--follow-context");
        }
        if (root.equals(Optional.of(""))) {
            return Optional.of("--root without a folder");
        }
        if (wd.equals(Optional.of(""))) {
            return Optional.of("--wd without a folder");
        }
        return uid.equals(Optional.of(FOLLOW)) || gid.equals(Optional.of(FOLLOW))
                ? Optional.of("follow")
                : Optional.empty();
    }
}
