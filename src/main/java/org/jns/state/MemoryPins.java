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
 * What views have in memory alone, mounted in the keeper a second time: {@code UID/VIEW.NUMBER}. So a later view gets it without anybody
 * looking for it in a user's view, where root walks no path. Its own folder, as older versions know nothing of it.
 */
final class MemoryPins {
    static final String FOLDER = "memory";
    static final String PATH = "/" + FOLDER;

    private static final int CLOSED = 0700;
    /** The remover of a user's last one removes the user's folder as well, perhaps just now. */
    private static final int TRIES = 3;

    private final Fd folder;

    /**
     * @param folder of the keeper's; this object's from now on
     */
    MemoryPins(Fd folder) {
        this.folder = folder;
    }

    private static void makeIfMissing(Syscalls sys, Fd around, String name) {
        try {
            sys.makeDirectory(around, name, CLOSED);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    /** Of a view's id. */
    private static String uid(String id) {
        return id.substring(0, Math.max(0, id.indexOf('.')));
    }

    private static String path(String id, int number) {
        return uid(id) + "/" + id + "." + number;
    }

    /** Folders to mount a view's on, which the caller closes. Can be called anywhere. */
    List<Fd> makeFolders(Syscalls sys, String id, int count) {
        List<Fd> made = new ArrayList<>();
        boolean whole = false;
        try {
            for (int i = 0; i < count; i++) {
                makeFolder(sys, id, path(id, i));
                made.add(sys.open(Optional.of(folder), path(id, i), OpenAs.PATH, Walk.INSIDE));
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

    /** The ids of those of the user's views that something was kept of. Can be called anywhere. */
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

    /** The same of all users. */
    List<String> all(Syscalls sys) {
        List<String> ids = new ArrayList<>();
        for (String uid : list(sys, ".")) {
            try {
                ids.addAll(ofUser(sys, Long.parseLong(uid)));
            } catch (NumberFormatException e) {
                // Nothing of ours has such a name.
                continue;
            }
        }
        return ids;
    }

    private List<String> list(Syscalls sys, String name) {
        // A folder is read from where it was read last, so this needs a descriptor of its own.
        try (Fd again = sys.open(Optional.of(folder), name, OpenAs.DIRECTORY, Walk.INSIDE)) {
            return sys.list(again);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return List.of();
            }
            throw e;
        }
    }

    /**
     * A copy that is mounted nowhere. To be called in the keeper.
     *
     * @return empty if the view has ended, or it was never kept
     */
    Optional<Fd> copyHere(Syscalls sys, String id, int number) {
        try (Fd there = sys.open(Optional.of(folder), path(id, number), OpenAs.PATH, Walk.NO_LINKS)) {
            return sys.isMountRoot(there) ? Optional.of(sys.cloneTree(there, false)) : Optional.empty();
        } catch (SyscallException e) {
            // EINVAL: it was unmounted since it was opened.
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.EINVAL) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** To be called in the keeper. Does nothing if nothing was kept of the view. */
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

    /** Unless another view has something in it. */
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
