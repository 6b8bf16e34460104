// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The namespaces of other kinds of a view.
 *
 * @param wanted one of each kind, in the kinds' order
 * @param hostname of the uts namespace; empty: it begins with the host's
 */
public record Spaces(List<Wanted> wanted, Optional<String> hostname) {
    public static final Spaces NONE = new Spaces(List.of(), Optional.empty());

    /** @param origin the first rule that asks for it */
    public record Wanted(NamespaceKind kind, Origin origin) {}

    public Spaces {
        wanted = List.copyOf(wanted);
    }

    /** The purpose of a namespace of that kind, in words. */
    public String details(NamespaceKind kind) {
        return switch (kind) {
            case IPC -> "shared memory, semaphores and message queues of its own";
            case UTS -> hostname.isPresent() ? "the host name " + hostname.get() : "a host name of its own";
            case NET -> "a loopback interface and no other";
            case PID -> "processes of its own, and no others in /proc";
            case CGROUP -> "cgroups from its own on";
            case TIME -> "offsets of the clocks of its own";
            case MOUNT, USER -> throw new IllegalArgumentException(kind.word());
        };
    }

    public boolean isEmpty() {
        return wanted.isEmpty();
    }

    public boolean has(NamespaceKind kind) {
        for (Wanted one : wanted) {
            if (one.kind() == kind) {
                return true;
            }
        }
        return false;
    }

    public List<NamespaceKind> kinds() {
        List<NamespaceKind> kinds = new ArrayList<>();
        for (Wanted one : wanted) {
            kinds.add(one.kind());
        }
        return kinds;
    }
}
