// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import org.jns.Nullable;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;

/**
 * A spare namespace: a copy of the host's mount namespace that this thread makes before it waits for a login, because
 * the time for the copy grows with the host's mounts. It follows the host's shared mounts by itself; the kernel tells
 * whether anything else has changed on the host since, and then the copy is made again.
 *
 * <p>Reasons: docs/decisions/01-spare-namespaces.md
 */
public final class SpareView implements AutoCloseable {
    private final Syscalls sys;
    private final Fd hostNamespace;
    private @Nullable Fd mountTable;
    /** Whether the thread has left the host's namespace. */
    private boolean away;
    /**
     * Whether the thread is in a complete copy. An incomplete one, whose mounts are not slaves yet, would propagate its
     * mounts to the host.
     */
    private boolean ready;

    private boolean isView;

    /** @param hostNamespace the process's mount namespace */
    public SpareView(Syscalls sys, Fd hostNamespace) {
        this.sys = sys;
        this.hostNamespace = hostNamespace;
    }

    /**
     * Prepares the copy for a login; does nothing if it is up to date.
     *
     * @throws SyscallException if the kernel has no room for a namespace
     */
    public void refresh() {
        if (ready && mountTable != null && !sys.hasChanged(mountTable)) {
            return;
        }
        // Before anything can fail: the kernel reports a change only once.
        ready = false;
        // Before the copy: a change during the copy must count as a change.
        if (mountTable == null) {
            mountTable = sys.mountTable();
        } else {
            sys.hasChanged(mountTable);
        }
        // A copy of the stale copy would be stale as well.
        leave();
        sys.unshareMounts();
        away = true;
        sys.makeAllSlave();
        ready = true;
    }

    /** The copy becomes a view from now on. */
    public void becomesView() {
        isView = true;
    }

    /**
     * Returns to the host's view if the copy became a view. The view remains for the holders of its descriptor.
     *
     * @throws SyscallException if that fails: the thread is in a user's view then, and must end
     */
    public void giveBack() {
        if (isView) {
            leave();
            isView = false;
        }
    }

    /**
     * Returns to the host's view.
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

    /** The copy must be made again before the next login. */
    public void markStale() {
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
