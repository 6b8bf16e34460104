// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Stat;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;

/** A file that has either its old content or its new one, and never a part of it. */
final class WholeFile {
    private final Syscalls sys;
    private final AbsPath path;
    private final int mostBytes;

    WholeFile(Syscalls sys, AbsPath path, int mostBytes) {
        this.sys = sys;
        this.path = path;
        this.mostBytes = mostBytes;
    }

    /**
     * @return empty if another user than root could have written it
     * @throws SyscallException if it is missing, or cannot be read
     */
    Optional<byte[]> read() {
        try (Fd file = sys.open(Optional.empty(), path.value(), OpenAs.READ, Walk.NO_LINKS)) {
            Stat stat = sys.stat(file);
            return stat.isRegular() && stat.isRootOnly() ? Optional.of(sys.read(file, mostBytes)) : Optional.empty();
        }
    }

    void write(byte[] content) {
        String draft = path.name() + ".new";
        try (Fd folder = folder()) {
            removeIfThere(folder, draft);
            boolean named = false;
            try (Fd file = sys.create(folder, draft)) {
                sys.write(file, content);
                sys.sync(file);
                sys.replace(folder, draft, path.name());
                named = true;
            } finally {
                if (!named) {
                    sys.discard(folder, draft);
                }
            }
            // Without this a power failure could bring the old file back, or none: rename(2) first happens only in
            // memory.
            sys.sync(folder);
        }
    }

    /** Does nothing if it is missing. */
    void remove() {
        try (Fd folder = folder()) {
            if (removeIfThere(folder, path.name())) {
                sys.sync(folder);
            }
        }
    }

    private Fd folder() {
        return sys.open(Optional.empty(), path.parent().value(), OpenAs.DIRECTORY, Walk.NO_LINKS);
    }

    private boolean removeIfThere(Fd folder, String name) {
        try {
            sys.remove(folder, name);
            return true;
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            return false;
        }
    }
}
