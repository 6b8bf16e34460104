// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kernel's kinds of namespaces, namespaces(7), in the order in which nsenter(1) enters them. */
public enum NamespaceKind {
    MOUNT("mnt", 0x00020000),
    UTS("uts", 0x04000000),
    IPC("ipc", 0x08000000),
    NET("net", 0x40000000),
    PID("pid", 0x20000000),
    CGROUP("cgroup", 0x02000000),
    USER("user", 0x10000000),
    TIME("time", 0x00000080);

    /** Those that a rule may ask for, in the order of plans, records and messages. */
    public static final List<NamespaceKind> VIEW_KINDS = List.of(IPC, UTS, NET, PID, CGROUP, TIME);

    private final String word;
    private final long flag;

    NamespaceKind(String word, long flag) {
        this.word = word;
        this.flag = flag;
    }

    /** The name in {@code /proc/PID/ns} and in rules. */
    public String word() {
        return word;
    }

    /** The flag of setns(2) and unshare(2), CLONE_NEW... */
    public long flag() {
        return flag;
    }

    /** The long option of nsenter(1) and unshare(1), which is the name in messages about command lines. */
    public String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that name, if a rule may ask for it. */
    public static Optional<NamespaceKind> viewKind(String word) {
        for (NamespaceKind kind : VIEW_KINDS) {
            if (kind.word.equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
