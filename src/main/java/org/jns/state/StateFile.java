// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;

/**
 * An empty root-owned file, to be locked, flock(2), or mounted on. It is never removed: otherwise two processes that
 * lock it could hold two different files.
 */
public final class StateFile {

    private StateFile() {}

    /** Opens the file, and makes it if it is missing. */
    public static Fd open(Syscalls sys, Fd folder, String name) {
        try {
            return sys.create(folder, name);
        } catch (SyscallException e) {
            e.unless(Errno.EEXIST);
            return sys.open(folder, name, OpenAs.READ);
        }
    }
}
