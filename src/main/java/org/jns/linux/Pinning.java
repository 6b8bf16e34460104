// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/**
 * The system calls that let mount namespaces outlive their processes. Each throws {@link SyscallException} on failure.
 */
public interface Pinning {

    /** Gives this thread its own root and working folder, which it needs to change namespaces; setns(2). */
    void leaveSharedFolders();

    /**
     * Whether this thread's {@code /} is the root of its mount namespace, and not a folder that chroot(2) made its
     * root: a thread that enters a mount namespace gets that one's root, setns(2), and so leaves a chroot. Afterwards
     * the thread is in the same place, with its own root and working folder.
     *
     * @param own the thread's mount namespace
     */
    boolean isAtRootOf(Fd own);

    /**
     * Moves this thread to a mount namespace that shows nothing of the host: an empty root-owned tmpfs, with the proc
     * of this machine's processes in {@code /proc}. By the kernel's count it is younger than the thread's old
     * namespace, and older than any that is made from now on.
     */
    void beginBare();

    /** Whether this is the root of a mount, and not a file or folder within one. */
    boolean isMountRoot(Fd file);

    /**
     * Mounts a mount namespace on a file: the namespace lives as long as that mount. It must be younger than this
     * thread's namespace, because otherwise the two could keep each other alive for ever: EINVAL.
     */
    void pin(Fd namespace, Fd onto);
}
