// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.Optional;
import org.jns.config.Settings;
import org.jns.sys.Errno;
import org.jns.sys.Fd;
import org.jns.sys.Sockets;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls.OpenAs;
import org.jns.sys.Syscalls.Walk;
import org.jns.sys.Syscalls;

/** The daemon's socket where no service manager hands one over. A lock beside it keeps a second daemon from taking it. */
final class OwnSocket implements AutoCloseable {
    private static final String LOCK = "jnsd.lock";

    private final Syscalls sys;
    private final Fd folder;
    private final Fd lock;
    private final Fd listening;
    private final String name;

    private OwnSocket(Syscalls sys, Fd folder, Fd lock, Fd listening, String name) {
        this.sys = sys;
        this.folder = folder;
        this.lock = lock;
        this.listening = listening;
        this.name = name;
    }

    static OwnSocket open(Syscalls sys, Settings settings) {
        Sockets sockets = new Sockets();
        Fd folder = sys.open(Optional.empty(), settings.socket().parent().value(), OpenAs.DIRECTORY, Walk.NO_LINKS);
        Fd lock = openLock(sys, folder);
        if (!sockets.lock(lock)) {
            throw new JnsDaemon.CannotStart("another jnsd holds " + settings.socket().parent() + "/" + LOCK + "; stop that one first");
        }
        String name = settings.socket().name();
        // Who holds the lock is alone: a socket that is there was left by a daemon that was killed.
        removeIfThere(sys, folder, name);
        return new OwnSocket(sys, folder, lock, sockets.listen(settings.socket().value()), name);
    }

    private static Fd openLock(Syscalls sys, Fd folder) {
        try {
            return sys.create(folder, LOCK);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            return sys.open(Optional.of(folder), LOCK, OpenAs.READ, Walk.INSIDE);
        }
    }

    private static void removeIfThere(Syscalls sys, Fd folder, String name) {
        try {
            sys.remove(folder, name);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    Fd listening() {
        return listening;
    }

    @Override
    public void close() {
        removeIfThere(sys, folder, name);
        listening.close();
        lock.close();
        folder.close();
    }
}
