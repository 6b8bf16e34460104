// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;

/**
 * A mount namespace of this thread's own that still shows what the host shows. Making it costs time that grows with the host's mounts,
 * so a thread makes it before it waits for a login. It follows the host's shared mounts by itself; whether anything else changed on the
 * host since, the kernel tells, and then it is made anew.
 */
public final class SpareView implements AutoCloseable {
    private final Syscalls sys;
    private final Fd hostNamespace;
    private Fd mountTable;
    /** Whether the thread has left the host's namespace. */
    private boolean away;
    /** Whether it is in a copy that is made to the end. One that is no slave would show the host what is mounted in it. */
    private boolean ready;
    private boolean taken;

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
        if (ready && !sys.hasChanged(mountTable)) {
            return;
        }
        // Before anything can fail: the kernel tells of a change once.
        ready = false;
        // Before the copy is made: what changes during it must count as a change.
        if (mountTable == null) {
            mountTable = sys.mountTable();
        } else {
            sys.hasChanged(mountTable);
        }
        // A copy of the stale view would be as stale.
        leave();
        sys.unshareMounts();
        away = true;
        sys.makeAllSlave();
        ready = true;
    }

    /** Something is made of it from now on. */
    public void take() {
        taken = true;
    }

    /**
     * Goes back to the host's view if something was made of it, which stays with those who have its descriptor.
     *
     * @throws SyscallException if that fails: the thread is in a user's view then, and must end
     */
    public void giveBack() {
        if (taken) {
            leave();
            taken = false;
        }
    }

    /**
     * Goes back to the host's view.
     *
     * @throws SyscallException if that fails: the thread is in a user's view then, and must end
     */
    private void leave() {
        ready = false;
        if (away) {
            sys.enterMounts(hostNamespace);
            away = false;
        }
    }

    /** It is to be made anew before the next login. */
    public void spoil() {
        ready = false;
    }

    @Override
    public void close() {
        if (mountTable != null) {
            mountTable.close();
            mountTable = null;
        }
    }
}
