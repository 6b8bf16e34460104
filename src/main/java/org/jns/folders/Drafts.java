// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;

/** Folders that were begun under a name of their own and did not get another. Nobody but their maker comes to them. */
public final class Drafts {
    /** What the names of drafts among private folders begin with. */
    static final String PREFIX = ".new-";

    private static final int CLOSED = 0700;

    private Drafts() {}

    /** Opens a folder once more, for a lock: that belongs to what open(2) made, and ends when this is closed. */
    static Fd again(Syscalls sys, Fd folder) {
        return sys.open(Optional.of(folder), ".", OpenAs.DIRECTORY, Walk.INSIDE);
    }

    static Fd begin(Syscalls sys, Fd folder, String name) {
        sys.makeDirectory(folder, name, CLOSED);
        return sys.open(Optional.of(folder), name, OpenAs.DIRECTORY, Walk.INSIDE);
    }

    /** If that fails too, something stays; what the login is told is why the draft got no name. */
    public static void discard(Syscalls sys, Fd folder, String name) {
        try {
            remove(sys, folder, name);
        } catch (SyscallException e) {
            return;
        }
    }

    /** As deep as it was made. */
    private static void remove(Syscalls sys, Fd folder, String name) {
        boolean directory;
        try (Fd entry = sys.open(Optional.of(folder), name, OpenAs.LINK_ITSELF, Walk.INSIDE)) {
            directory = sys.stat(entry).isDirectory();
        }
        if (!directory) {
            sys.remove(folder, name);
            return;
        }
        try (Fd full = sys.open(Optional.of(folder), name, OpenAs.DIRECTORY, Walk.INSIDE)) {
            for (String inside : sys.list(full)) {
                remove(sys, full, inside);
            }
        }
        sys.removeDirectory(folder, name);
    }
}
