// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

/** The kinds of namespaces, in the order in which one that is kept is bound to its file. */
enum Space {
    USER("user", 0x10000000, "user"),
    CGROUP("cgroup", 0x02000000, "cgroup"),
    IPC("ipc", 0x08000000, "ipc"),
    UTS("uts", 0x04000000, "uts"),
    NET("net", 0x40000000, "net"),
    PID("pid", 0x20000000, "pid_for_children"),
    MOUNT("mount", 0x00020000, "mnt"),
    TIME("time", 0x00000080, "time_for_children");

    private final String option;
    private final long flag;
    private final String file;

    Space(String option, long flag, String file) {
        this.option = option;
        this.flag = flag;
        this.file = file;
    }

    /** Its long option, and its name in messages. */
    String option() {
        return option;
    }

    /** Of unshare(2). */
    long flag() {
        return flag;
    }

    /** Below /proc/PID/ns: the one in which the next child will be, where that is another. */
    String file() {
        return file;
    }
}
