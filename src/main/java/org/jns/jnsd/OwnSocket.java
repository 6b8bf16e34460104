// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;

/**
 * The daemon's socket when no service manager passes one. The lock on the state folder keeps a second daemon from
 * taking it.
 */
final class OwnSocket implements AutoCloseable {
    private final Syscalls sys;
    private final Fd folder;
    private final Fd listening;
    private final String name;

    private OwnSocket(Syscalls sys, Fd folder, Fd listening, String name) {
        this.sys = sys;
        this.folder = folder;
        this.listening = listening;
        this.name = name;
    }

    static OwnSocket open(Syscalls sys, AbsPath path) {
        Fd folder = sys.openFolder(path.parent());
        // No other daemon runs, so an existing socket was left by one that was killed.
        removeIfThere(sys, folder, path.name());
        return new OwnSocket(sys, folder, new Sockets().listen(path.value()), path.name());
    }

    private static void removeIfThere(Syscalls sys, Fd folder, String name) {
        try {
            sys.remove(folder, name);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
        }
    }

    Fd listening() {
        return listening;
    }

    @Override
    public void close() {
        removeIfThere(sys, folder, name);
        listening.close();
        folder.close();
    }
}
