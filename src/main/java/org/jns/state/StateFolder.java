// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Stat;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;

/** Makes the state folders of jns before the first login. Making them again is harmless. */
public final class StateFolder {

    private StateFolder() {}

    /** The existing folder or file cannot be trusted; the message names the remedy. */
    public static final class Untrusted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Untrusted(String message) {
            super(message, null, false, false);
        }
    }

    /** Makes a root-owned folder in an existing one. */
    public static void make(Syscalls sys, AbsPath path, int mode) {
        try (Fd around = sys.openFolder(path.parent())) {
            boolean made = tryMaking(() -> sys.makeDirectory(around, path.name(), mode));
            try (Fd folder = sys.open(Optional.of(around), path.name(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
                if (made) {
                    sys.changeMode(folder, mode);
                }
                requireRoots(sys.stat(folder), path, mode);
            }
        }
    }

    private static void requireRoots(Stat stat, AbsPath path, int mode) {
        if (!stat.isRootOnly() || (stat.permissions() & ~mode) != 0) {
            throw new Untrusted(
                    "cannot use " + path + ": it is not root's alone; look at what is in it, then remove it");
        }
    }

    private static boolean tryMaking(Runnable making) {
        try {
            making.run();
            return true;
        } catch (SyscallException e) {
            e.unless(Errno.EEXIST);
            return false;
        }
    }

    /** Makes the empty folder and the empty file that cover hidden targets. */
    public static void makeHidden(Syscalls sys, AbsPath path) {
        make(sys, path, 0700);
        try (Fd folder = sys.openFolder(path)) {
            if (tryMaking(() -> sys.makeDirectory(folder, "dir", 0))) {
                try (Fd dir = sys.open(folder, "dir", OpenAs.DIRECTORY)) {
                    sys.changeMode(dir, 0);
                }
            }
            tryMaking(() -> {
                try (Fd file = sys.create(folder, "file")) {
                    sys.changeMode(file, 0);
                }
            });
        }
    }
}
