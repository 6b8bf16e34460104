// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;

/**
 * The tmpfs mounts of views, mounted a second time in the keeper: {@code UID/VIEW.NUMBER}. So a later view gets them
 * without a look into a user's view, where root must resolve no path. They have a separate folder, because older
 * versions know nothing about them.
 *
 * <p>Reasons: docs/decisions/22-handing-on.md
 */
final class MemoryPins {
    static final String FOLDER = "memory";
    static final String PATH = "/" + FOLDER;

    private static final int CLOSED = 0700;
    /** The process that removes a user's last one removes the user's folder as well, perhaps just now. */
    private static final int TRIES = 3;

    private final Fd folder;

    /** @param folder the keeper's; it belongs to this object from now on */
    MemoryPins(Fd folder) {
        this.folder = folder;
    }

    private static void makeIfMissing(Syscalls sys, Fd around, String name) {
        try {
            sys.makeDirectory(around, name, CLOSED);
        } catch (SyscallException e) {
            e.unless(Errno.EEXIST);
        }
    }

    /** From a view's id. */
    private static String uid(String id) {
        return id.substring(0, Math.max(0, id.indexOf('.')));
    }

    private static String path(String id, int number) {
        return uid(id) + "/" + id + "." + number;
    }

    /** Makes folders to mount a view's parts on; the caller closes them. May be called in any namespace. */
    List<Fd> makeFolders(Syscalls sys, String id, int count) {
        List<Fd> made = new ArrayList<>();
        boolean whole = false;
        try {
            for (int i = 0; i < count; i++) {
                makeFolder(sys, id, path(id, i));
                made.add(sys.open(folder, path(id, i), OpenAs.PATH));
            }
            whole = true;
            return made;
        } finally {
            if (!whole) {
                Pins.closeAll(made);
            }
        }
    }

    private void makeFolder(Syscalls sys, String id, String path) {
        for (int i = 0; ; i++) {
            makeIfMissing(sys, folder, uid(id));
            try {
                sys.makeDirectory(folder, path, CLOSED);
                return;
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENOENT || i == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** The ids of the user's views with kept parts. May be called in any namespace. */
    List<String> ofUser(Syscalls sys, long uid) {
        List<String> ids = new ArrayList<>();
        for (String name : list(sys, Long.toString(uid))) {
            String id = name.substring(0, Math.max(0, name.lastIndexOf('.')));
            if (!ids.contains(id)) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** The same for all users. */
    List<String> all(Syscalls sys) {
        List<String> ids = new ArrayList<>();
        for (String uid : list(sys, ".")) {
            try {
                ids.addAll(ofUser(sys, Long.parseLong(uid)));
            } catch (NumberFormatException e) {
                // jns makes no such name.
                continue;
            }
        }
        return ids;
    }

    private List<String> list(Syscalls sys, String name) {
        // Reading a folder moves the position of its descriptor, so this needs a separate one.
        try (Fd again = sys.open(folder, name, OpenAs.DIRECTORY)) {
            return sys.list(again);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return List.of();
        }
    }

    /**
     * A copy that is mounted nowhere. Must be called in the keeper.
     *
     * @return empty if the view has ended, or the part was never kept
     */
    Optional<Fd> copyHere(Syscalls sys, String id, int number) {
        try (Fd there = sys.open(Optional.of(folder), path(id, number), OpenAs.PATH, Walk.NO_LINKS)) {
            return sys.isMountRoot(there) ? Optional.of(sys.cloneTree(there, false)) : Optional.empty();
        } catch (SyscallException e) {
            // EINVAL: it was unmounted after it was opened.
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.EINVAL) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Must be called in the keeper. Does nothing if nothing was kept of the view. */
    void removeHere(Syscalls sys, String id) {
        String uid = uid(id);
        if (uid.isEmpty()) {
            return;
        }
        boolean any = false;
        for (String name : list(sys, uid)) {
            if (name.startsWith(id + ".")) {
                any = true;
                Pins.detach(sys, PATH + "/" + uid + "/" + name);
                removeFolder(sys, uid + "/" + name);
            }
        }
        if (any) {
            removeFolder(sys, uid);
        }
    }

    /** Unless it contains parts of another view. */
    private void removeFolder(Syscalls sys, String name) {
        try {
            sys.removeDirectory(folder, name);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTEMPTY) {
                throw e;
            }
        }
    }

    void close() {
        folder.close();
    }
}
