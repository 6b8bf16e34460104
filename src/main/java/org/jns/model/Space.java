// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/** What a view can have of its own beside its mounts: the other kinds of namespaces, namespaces(7), but for users. */
public enum Space {
    IPC("ipc"),
    UTS("uts"),
    NET("net"),
    PID("pid"),
    CGROUP("cgroup"),
    TIME("time");

    /** In the order in which they stand everywhere. */
    public static final List<Space> ALL = List.of(values());

    private final String word;

    Space(String word) {
        this.word = word;
    }

    /** As rules have it, and the kernel in {@code /proc/PID/ns}. */
    public String word() {
        return word;
    }

    /** The kind of that name, or null. */
    public static Space named(String word) {
        for (Space space : ALL) {
            if (space.word.equals(word)) {
                return space;
            }
        }
        return null;
    }
}
