// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jns.folders.Drafts;
import org.jns.folders.FolderStore;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Stat;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;

/**
 * Makes folders and files to mount on: inside what an earlier step shows, and on the host if a rule says so.
 *
 * <p>Reasons: docs/decisions/06-missing-targets.md
 */
final class MountPoints {
    private static final int CLOSED = 0700;
    private static final MountFlags ALL_BUT_RO =
            MountFlags.NOSUID.plus(MountFlags.NODEV).plus(MountFlags.NOEXEC).plus(MountFlags.NOSYMFOLLOW);

    private final Syscalls sys;

    MountPoints(Syscalls sys) {
        this.sys = sys;
    }

    /** The flags without those that prevent the making of mount points. */
    static MountFlags writable(MountFlags flags) {
        return flags.and(ALL_BUT_RO);
    }

    void make(Step.MakeMountPoint s) {
        try (Fd folder = sys.openFolder(s.onto().parent())) {
            make(folder, s);
        }
    }

    /**
     * In a private folder the user may have put a file there already: it is used if it has the right type and is no
     * link. A file is changed through the descriptor that made it, because its name could be a hard link to another
     * file by now.
     */
    private void make(Fd folder, Step.MakeMountPoint s) {
        try (Fd made = s.directory()
                ? makeFolder(folder, s.onto().name())
                : sys.create(folder, s.onto().name())) {
            give(made, s.ownership());
        } catch (SyscallException e) {
            e.unless(Errno.EEXIST);
            openThere(folder, s.onto().name(), s.directory()).close();
        }
    }

    private void give(Fd made, Ownership ownership) {
        sys.changeOwner(made, ownership.uid(), ownership.gid());
        // After chown(2), because it clears set-id bits.
        sys.changeMode(made, ownership.mode());
    }

    /**
     * If the user owns the parent folder, the user may replace the new folder before it is opened: so it must be
     * root-owned.
     */
    private Fd makeFolder(Fd folder, String name) {
        sys.makeDirectory(folder, name, CLOSED);
        Fd made = sys.open(folder, name, OpenAs.DIRECTORY);
        try {
            Stat stat = sys.stat(made);
            if (stat.uid() != 0 || stat.permissions() != CLOSED) {
                throw new SyscallException("mount point", name, Errno.EEXIST);
            }
            return made;
        } catch (SyscallException e) {
            made.close();
            throw e;
        }
    }

    /** A socket serves as a file: one socket may be mounted on another. */
    private Fd openThere(Fd folder, String name, boolean directory) {
        Fd there = sys.open(folder, name, OpenAs.LINK_ITSELF);
        try {
            Stat stat = sys.stat(there);
            if (directory ? !stat.isDirectory() : !stat.isRegular() && !stat.isSocket()) {
                throw new SyscallException("mount point", name, directory ? Errno.ENOTDIR : Errno.EEXIST);
            }
            return there;
        } catch (SyscallException e) {
            there.close();
            throw e;
        }
    }

    /**
     * Makes what the host lacks, as a draft that is renamed: nobody sees it half-made, and of two simultaneous logins
     * the second uses what the first has made. If another user could write to a folder on the way, that user could
     * redirect root, so the folders are checked again: an admin may have opened one since the planner looked.
     *
     * @return the existing file or folder
     */
    Fd create(Step.Create s) throws FolderStore.Unsafe {
        AbsPath parent = s.onto().parent();
        LinkWalk.Found found = walk(parent, s);
        try (Fd folder = found.file()) {
            if (!found.rootOnly() || !found.resolved().equals(parent)) {
                throw new FolderStore.Unsafe("cannot create " + s.onto() + ": somebody other than root can change "
                        + parent + " or a folder above it; create it by hand, or take the rule out");
            }
            Optional<Fd> made = make(folder, s);
            return made.isPresent() ? made.get() : openThere(folder, s.onto().name(), s.directory());
        }
    }

    /** Empty if another process came first. Then, and if it fails, the draft is removed. */
    private Optional<Fd> make(Fd folder, Step.Create s) {
        String draft =
                ".jns-new-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        Fd made = null;
        boolean named = false;
        try {
            made = s.directory() ? makeFolder(folder, draft) : sys.create(folder, draft);
            give(made, s.ownership());
            sys.rename(folder, draft, s.onto().name());
            named = true;
            return Optional.of(made);
        } catch (SyscallException e) {
            e.unless(Errno.EEXIST);
            return Optional.empty();
        } finally {
            if (!named) {
                Drafts.discard(sys, folder, draft);
            }
            if (made != null && !named) {
                made.close();
            }
        }
    }

    private LinkWalk.Found walk(AbsPath parent, Step.Create s) throws FolderStore.Unsafe {
        try {
            return new LinkWalk(sys).walk(parent);
        } catch (LinkWalk.Untrusted e) {
            throw new FolderStore.Unsafe("cannot create " + s.onto() + ": " + e.getMessage());
        }
    }
}
