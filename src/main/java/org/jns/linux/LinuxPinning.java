// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.Map;
import java.util.Optional;
import org.jns.linux.Arch.Call;
import org.jns.model.MountFlags;

/** Implements the system calls that let mount namespaces outlive their processes. */
abstract class LinuxPinning extends LinuxProcesses {
    static final long AT_FDCWD = -100;
    static final long AT_RECURSIVE = 0x8000;
    private static final long CLONE_FS = 0x200;
    private static final long MS_BIND = 4096;
    static final long MS_PRIVATE = 1L << 18;
    static final int MOUNT_ATTR_SIZE = 32;
    static final long MOVE_MOUNT_F_EMPTY_PATH = 4;
    static final long MNT_DETACH = 2;
    private static final int STX_ATTRIBUTES = 8;
    private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;

    LinuxPinning(Fd proc) {
        super(proc);
    }

    @Override
    public void leaveSharedFolders() {
        caller.call(Call.UNSHARE, "CLONE_FS", CLONE_FS, 0);
    }

    @Override
    public boolean isAtRootOf(Fd own) {
        leaveSharedFolders();
        try (Fd before = root()) {
            enterMounts(own);
            try (Fd after = root()) {
                if (stat(before).isSameFile(stat(after))) {
                    return true;
                }
            }
            caller.call(Call.FCHDIR, "", before.number(), 0);
            caller.call(Call.CHROOT, ".", scratch.begin().text("."), 0);
            return false;
        }
    }

    private Fd root() {
        return open("/", OpenAs.DIRECTORY);
    }

    @Override
    public void beginBare() {
        try (Fd before = namespaceOfThisThread()) {
            NamespaceAges ages = new NamespaceAges(caller, this, before);
            goBare();
            Optional<Fd> oldest = ages.oldestToCome();
            if (oldest.isPresent()) {
                enterMounts(oldest.get());
                oldest.get().close();
            }
        }
    }

    private void goBare() {
        unshareMounts();
        // First of all, because nothing that happens here may propagate to the host.
        makeAllPrivate();
        try (Fd root = fresh(
                        "tmpfs",
                        Map.of("mode", "700"),
                        MountFlags.NOSUID.plus(MountFlags.NODEV).plus(MountFlags.NOEXEC));
                Fd hostProc = open("/proc", OpenAs.PATH);
                Fd proc = cloneTree(hostProc, false)) {
            scratch.begin();
            caller.call(
                    Call.MOVE_MOUNT,
                    "/",
                    root.number(),
                    scratch.text(""),
                    AT_FDCWD,
                    scratch.text("/"),
                    MOVE_MOUNT_F_EMPTY_PATH);
            makeDirectory(root, "proc", 0700);
            try (Fd onto = open(root, "proc", OpenAs.PATH)) {
                attach(proc, onto);
            }
            caller.call(Call.FCHDIR, "", root.number(), 0);
        }
        leaveOldRoot();
        caller.call(Call.CHDIR, "/", scratch.begin().text("/"), 0);
    }

    private void makeAllPrivate() {
        Scratch.Slot attr = scratch.begin().room(MOUNT_ATTR_SIZE);
        attr.putLong(16, MS_PRIVATE);
        caller.call(
                Call.MOUNT_SETATTR, "/", AT_FDCWD, scratch.text("/"), AT_RECURSIVE, attr.address(), MOUNT_ATTR_SIZE);
    }

    /** Otherwise the namespace would keep mounts busy that the host wants to unmount. */
    private void leaveOldRoot() {
        try {
            scratch.begin();
            caller.call(Call.PIVOT_ROOT, ".", scratch.text("."), scratch.text("."));
            caller.call(Call.UMOUNT2, ".", scratch.begin().text("."), MNT_DETACH);
        } catch (SyscallException e) {
            // pivot_root(2) does not work if the host's root is the initial file system in memory. Then the new root
            // covers it.
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            caller.call(Call.CHROOT, ".", scratch.begin().text("."), 0);
        }
    }

    @Override
    public boolean isMountRoot(Fd file) {
        Scratch.Slot buffer = scratch.begin().room(STATX_SIZE);
        caller.call(Call.STATX, "", file.number(), scratch.text(""), AT_EMPTY_PATH, 0, buffer.address());
        return (buffer.getLong(STX_ATTRIBUTES) & STATX_ATTR_MOUNT_ROOT) != 0;
    }

    @Override
    public void pin(Fd namespace, Fd onto) {
        scratch.begin();
        // Not open_tree(2) and move_mount(2): the kernel moves no mount of a namespace, ELOOP.
        long source = scratch.text("/proc/self/fd/" + namespace.number());
        long target = scratch.text("/proc/self/fd/" + onto.number());
        caller.call(Call.MOUNT, "", source, target, 0, MS_BIND, 0);
    }
}
