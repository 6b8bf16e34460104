// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;

/**
 * Removes folders that were begun under a temporary name and not renamed. No process except their maker reaches them.
 */
public final class Drafts {
    /** The prefix of the names of drafts among private folders. */
    static final String PREFIX = ".new-";

    private static final int CLOSED = 0700;

    private Drafts() {}

    /**
     * Opens a folder a second time, for a lock: a lock belongs to the open file description and ends when this is
     * closed.
     */
    static Fd again(Syscalls sys, Fd folder) {
        return sys.open(folder, ".", OpenAs.DIRECTORY);
    }

    static Fd begin(Syscalls sys, Fd folder, String name) {
        sys.makeDirectory(folder, name, CLOSED);
        return sys.open(folder, name, OpenAs.DIRECTORY);
    }

    /**
     * Removes a draft. If that fails too, something remains; the login gets the reason why the draft was not renamed.
     */
    public static void discard(Syscalls sys, Fd folder, String name) {
        try {
            remove(sys, folder, name);
        } catch (SyscallException e) {
            return;
        }
    }

    /** Removes a tree as deep as the one that was made. */
    private static void remove(Syscalls sys, Fd folder, String name) {
        boolean directory;
        try (Fd entry = sys.open(folder, name, OpenAs.LINK_ITSELF)) {
            directory = sys.stat(entry).isDirectory();
        }
        if (!directory) {
            sys.remove(folder, name);
            return;
        }
        try (Fd full = sys.open(folder, name, OpenAs.DIRECTORY)) {
            for (String inside : sys.list(full)) {
                remove(sys, full, inside);
            }
        }
        sys.removeDirectory(folder, name);
    }
}
