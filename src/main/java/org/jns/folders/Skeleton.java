// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import org.jns.linux.Fd;
import org.jns.linux.Stat;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.AbsPath;
import org.jns.model.Step.Ownership;

/**
 * Copies the initial files of a new private folder: folders, files and links, all on one mount. The copies get the new
 * folder's owner and group; modes stay, except set-id bits, which would then act for the user. All sources must be
 * root-owned, like the folder: otherwise somebody could plant files for another user. A login waits for the copy, so
 * its size is limited.
 */
final class Skeleton {
    private static final int MOST_ENTRIES = 10_000;
    private static final long MOST_BYTES = 256L << 20;
    /** Each level holds two descriptors. */
    private static final int MOST_LEVELS = 40;

    private static final int CLOSED = 0700;

    private final Syscalls sys;
    private final Ownership ownership;
    private final String path;
    private int entries;
    private long bytes;

    private Skeleton(Syscalls sys, AbsPath path, Ownership ownership) {
        this.sys = sys;
        this.path = path.value();
        this.ownership = ownership;
    }

    /**
     * @param from the folder, open in any way
     * @param path of it, for messages
     * @param to an empty folder that no other process can reach
     * @param ownership of the folder that is filled
     */
    static void copy(Syscalls sys, Fd from, AbsPath path, Fd to, Ownership ownership) throws FolderStore.Unsafe {
        try (Fd readable = sys.open(from, ".", OpenAs.DIRECTORY)) {
            new Skeleton(sys, path, ownership).copyAll(readable, path.value(), to, 0);
        }
    }

    private FolderStore.Unsafe refusal(String why) {
        return new FolderStore.Unsafe("cannot copy " + path + ": " + why);
    }

    private void copyAll(Fd from, String where, Fd to, int level) throws FolderStore.Unsafe {
        if (level > MOST_LEVELS) {
            throw refusal("its folders are nested more than " + MOST_LEVELS + " deep");
        }
        for (String name : sys.list(from)) {
            if (++entries > MOST_ENTRIES) {
                throw refusal("it has more than " + MOST_ENTRIES + " files");
            }
            sys.approach(where);
            try (Fd entry = sys.open(from, name, OpenAs.LINK_ITSELF)) {
                copyOne(entry, from, name, where + "/" + name, to, level);
            }
        }
    }

    private void copyOne(Fd entry, Fd from, String name, String where, Fd to, int level) throws FolderStore.Unsafe {
        Stat stat = sys.stat(entry);
        if (stat.isSymlink() ? stat.uid() != 0 : !stat.isRootOnly()) {
            throw refusal("somebody other than root can change " + where + "; let root own it, writable by root alone");
        }
        if (stat.isSymlink()) {
            sys.makeLink(to, name, sys.readLink(entry));
            try (Fd made = sys.open(to, name, OpenAs.LINK_ITSELF)) {
                sys.changeOwner(made, ownership.uid(), ownership.gid());
            }
        } else if (stat.isDirectory()) {
            sys.makeDirectory(to, name, CLOSED);
            try (Fd source = sys.open(entry, ".", OpenAs.DIRECTORY);
                    Fd made = sys.open(to, name, OpenAs.DIRECTORY)) {
                copyAll(source, where, made, level + 1);
                give(made, stat.permissions() & 01777);
            }
        } else if (stat.isRegular()) {
            try (Fd source = sys.open(from, name, OpenAs.READ);
                    Fd made = sys.create(to, name)) {
                copyContent(source, made);
                give(made, stat.permissions() & 0777);
            }
        } else {
            throw refusal(where + " is neither file, folder nor link; take it out");
        }
    }

    private void copyContent(Fd from, Fd to) throws FolderStore.Unsafe {
        bytes += sys.copy(from, to, MOST_BYTES - bytes + 1);
        if (bytes > MOST_BYTES) {
            throw refusal("it has more than " + (MOST_BYTES >> 20) + " MiB");
        }
    }

    private void give(Fd made, int mode) {
        sys.changeOwner(made, ownership.uid(), ownership.gid());
        sys.changeMode(made, mode);
    }
}
