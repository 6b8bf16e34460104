// SPDX-License-Identifier: Apache-2.0
package org.jns.apply;

import org.jns.sys.Fd;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;

/**
 * A mount namespace of this thread's own that still shows what the host shows. Making it costs time that grows with the host's mounts,
 * so a thread makes it before it waits for a login. It follows the host's shared mounts by itself; whether anything else changed on the
 * host since, the kernel tells, and then it is made anew.
 */
public final class SpareView implements AutoCloseable {
    private final Syscalls sys;
    private final Fd hostNamespace;
    private Fd mountTable;
    private boolean away;

    /**
     * @param hostNamespace that of the process
     */
    public SpareView(Syscalls sys, Fd hostNamespace) {
        this.sys = sys;
        this.hostNamespace = hostNamespace;
    }

    /**
     * Makes it ready for a login: does nothing if it is.
     *
     * @throws SyscallException if the kernel has no room for a namespace
     */
    public void refresh() {
        if (away && !sys.hasChanged(mountTable)) {
            return;
        }
        if (mountTable == null) {
            // Before the copy is made: what changes during it must count as a change.
            mountTable = sys.mountTable();
        }
        if (away) {
            // A copy of the stale view would be as stale.
            sys.enterMounts(hostNamespace);
            away = false;
        }
        sys.unshareMounts();
        away = true;
        sys.makeAllSlave();
    }

    @Override
    public void close() {
        if (mountTable != null) {
            mountTable.close();
            mountTable = null;
        }
    }
}
