// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jns.model.NamespaceKind;

/** The request on a command line of jnsrun. Only the reader of the options changes it. */
final class RunRequest {
    /**
     * Whether it is called as unshare(1): the last one of repeated options counts, and only named namespaces are new.
     */
    final boolean asUnshare;

    RunRequest(boolean asUnshare) {
        this.asUnshare = asUnshare;
    }

    final Set<NamespaceKind> spaces = EnumSet.noneOf(NamespaceKind.class);
    /** Files that namespaces are bound to, to outlast the command. */
    final Map<NamespaceKind, String> kept = new EnumMap<>(NamespaceKind.class);

    boolean fork;
    Optional<Integer> killChild = Optional.empty();
    boolean forwardSignals;

    final List<IdRequest> users = new ArrayList<>();
    final List<IdRequest> groups = new ArrayList<>();
    Optional<Boolean> setgroups = Optional.empty();
    boolean keepCaps;
    Optional<Long> monotonic = Optional.empty();
    Optional<Long> boottime = Optional.empty();

    Optional<Propagation> propagation = Optional.empty();
    Optional<String> proc = Optional.empty();
    Optional<String> root = Optional.empty();
    Optional<String> folder = Optional.empty();
    Optional<String> uid = Optional.empty();
    Optional<String> gid = Optional.empty();

    final List<Mounting> mounts = new ArrayList<>();
    Optional<String> rootfs = Optional.empty();
    Optional<String> hostname = Optional.empty();
    Optional<String> rulesFile = Optional.empty();
    Optional<String> rule = Optional.empty();
    boolean passwordFromInput;

    boolean clearEnvironment;
    boolean verbose;
    final List<String> command = new ArrayList<>();

    /** How mounts propagate between the old and the new mount namespace; flags of mount(2), all with MS_REC. */
    enum Propagation {
        PRIVATE(0x44000),
        SLAVE(0x84000),
        SHARED(0x104000),
        UNCHANGED(0);

        private final long flags;

        Propagation(long flags) {
            this.flags = flags;
        }

        long flags() {
            return flags;
        }
    }

    Propagation propagation() {
        return propagation.orElse(Propagation.PRIVATE);
    }

    boolean hasRules() {
        return rulesFile.isPresent() || rule.isPresent();
    }

    /** Whether the request changes the view in ways that unshare(1) has no option for. */
    boolean changesView() {
        return !mounts.isEmpty() || rootfs.isPresent() || hasRules();
    }

    /** Whether the command line asks for the user namespace itself. */
    boolean wantsUserSpace() {
        return spaces.contains(NamespaceKind.USER);
    }

    boolean hasVolume() {
        return mounts.stream().anyMatch(mount -> mount instanceof Mounting.Encfs);
    }
}
