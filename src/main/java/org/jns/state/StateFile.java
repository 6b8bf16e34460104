// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;

/** An empty file of root's own, to be locked, flock(2), or mounted on. It is never removed: two who lock it would hold two files. */
public final class StateFile {

    private StateFile() {}

    /** Opens it, and makes it if it is not there; does nothing with it. */
    public static Fd open(Syscalls sys, Fd folder, String name) {
        try {
            return sys.create(folder, name);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            return sys.open(Optional.of(folder), name, OpenAs.READ, Walk.INSIDE);
        }
    }
}
