// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

/** A kind of namespace. */
enum Space {
    MOUNT('m', "mnt"),
    UTS('u', "uts"),
    IPC('i', "ipc"),
    NET('n', "net"),
    PID('p', "pid"),
    CGROUP('C', "cgroup"),
    USER('U', "user"),
    TIME('T', "time");

    /** The option's letter; its long name is this one's in small letters. */
    final char letter;
    /** In {@code /proc/PID/ns}. */
    final String file;

    Space(char letter, String file) {
        this.letter = letter;
        this.file = file;
    }

    /** Its word is the kernel's. */
    static Space of(org.jns.model.Space kind) {
        for (Space space : values()) {
            if (space.file.equals(kind.word())) {
                return space;
            }
        }
        throw new IllegalArgumentException(kind.word());
    }

    String option() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
