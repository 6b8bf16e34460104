// SPDX-License-Identifier: Apache-2.0
package org.jns.apply;

import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.sys.Errno;
import org.jns.sys.Fd;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;
import org.jns.sys.Syscalls.OpenAs;
import org.jns.sys.Syscalls.Walk;

/**
 * Whether the base of the private folders is on a disk of its own. A daemon that starts while it is leaves a link next to the base. Without that
 * disk the base looks as on the first day, and users who log in would get new, empty folders on the disk below, and work there.
 */
public final class OwnDisk {
    private OwnDisk() {}

    /** The name of the link, in the folder around the base. */
    public static String mark(AbsPath base) {
        return "." + base.name() + "-is-mounted";
    }

    /**
     * Leaves the link if the base is on a disk of its own.
     *
     * @return whether it should be on one, and is not
     */
    public static boolean look(Syscalls sys, AbsPath base) {
        try (Fd around = open(sys, base.parent());
                Fd folder = open(sys, base)) {
            boolean isMarked = isMarked(sys, around, base);
            boolean isMounted = isMounted(sys, around, folder);
            if (isMounted && !isMarked) {
                sys.makeLink(around, mark(base), "jnsd");
            }
            return isMarked && !isMounted;
        }
    }

    /** Whether the base should be on a disk of its own, and is not. */
    static boolean isMissing(Syscalls sys, AbsPath path, Fd base) {
        try (Fd around = open(sys, path.parent())) {
            return isMarked(sys, around, path) && !isMounted(sys, around, base);
        }
    }

    /** What is wrong then, and what to do. */
    public static String complaint(AbsPath base) {
        return base + " was on a disk of its own, and that is not mounted; mount it, or, if the private folders are to be on this disk from now on: rm "
                + base.parent().child(mark(base));
    }

    private static Fd open(Syscalls sys, AbsPath path) {
        return sys.open(Optional.empty(), path.value(), OpenAs.DIRECTORY, Walk.NO_LINKS);
    }

    private static boolean isMounted(Syscalls sys, Fd around, Fd folder) {
        return sys.stat(around).device() != sys.stat(folder).device();
    }

    private static boolean isMarked(Syscalls sys, Fd around, AbsPath base) {
        try {
            return !sys.readLink(around, mark(base)).isEmpty();
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.EINVAL) {
                return false;
            }
            throw e;
        }
    }
}
