// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/** The system calls by which mount namespaces outlive their processes. Each throws {@link SyscallException} on failure. */
public interface Pinning {

    /** Gives this thread a root and a working folder of its own, without which it may not change namespaces; setns(2). */
    void leaveSharedFolders();

    /**
     * Whether this thread's {@code /} is that of its mount namespace, as opposed to a folder that chroot(2) made it: who enters a mount
     * namespace comes to its root, setns(2), and so out of a chroot. The thread is where it was, with a root and working folder of its own.
     *
     * @param own the mount namespace that the thread is in
     */
    boolean isAtRootOf(Fd own);

    /**
     * Moves this thread to a mount namespace that shows nothing of the host's: an empty file system in memory, root's alone, with the
     * proc of this machine's processes in {@code /proc}. By the kernel's count it is younger than this thread's before, and older than
     * any that is made from now on.
     */
    void beginBare();

    /** Whether this is the root of a mount, as opposed to a file or folder within one. */
    boolean isMountRoot(Fd file);

    /**
     * Puts a mount namespace on a file: as long as that mount is there, so is the namespace. It must be younger than the one that this
     * thread is in, or else the two could keep each other for ever: EINVAL.
     */
    void pin(Fd namespace, Fd onto);
}
