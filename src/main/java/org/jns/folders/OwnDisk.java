// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.nio.charset.StandardCharsets;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.AbsPath;

/**
 * Checks whether the base of the private folders is on a separate disk. A daemon that starts while it is leaves a link
 * next to the base. Without that disk the base looks as on the first day: users who log in would get new, empty folders
 * on the disk below, and work there. The link names the machine, because a copy of its disk may belong to another
 * machine without a further disk.
 */
public final class OwnDisk {
    private static final String MACHINE = "/etc/machine-id";
    private static final int MOST_BYTES = 64;
    /** The content of the link if the machine has no id. */
    private static final String NAMELESS = "jnsd";

    private OwnDisk() {}

    /** The name of the link, in the folder that contains the base. */
    public static String mark(AbsPath base) {
        return "." + base.name() + "-is-mounted";
    }

    /**
     * Leaves the link if the base is on a separate disk. Removes the link of another machine, because a login only
     * checks whether a link exists.
     *
     * @return whether the base should be on a separate disk, and is not
     */
    public static boolean look(Syscalls sys, AbsPath base) {
        try (Fd around = open(sys, base.parent());
                Fd folder = open(sys, base)) {
            String machine = machine(sys);
            String marked = marked(sys, around, base);
            boolean isOthers = isId(machine) && isId(marked) && !marked.equals(machine);
            if (isOthers) {
                sys.remove(around, mark(base));
            }
            boolean isMarked = !marked.isEmpty() && !isOthers;
            boolean isMounted = isMounted(sys, around, folder);
            if (isMounted && !isMarked) {
                sys.makeLink(around, mark(base), isId(machine) ? machine : NAMELESS);
            }
            return isMarked && !isMounted;
        }
    }

    /** Empty if it cannot be read. It must be the host's file: a view may show another one. */
    private static String machine(Syscalls sys) {
        try (Fd file = sys.open(MACHINE, OpenAs.READ)) {
            return new String(sys.read(file, MOST_BYTES), StandardCharsets.US_ASCII).strip();
        } catch (SyscallException e) {
            return "";
        }
    }

    /** In a first boot the file may have other content for a while. */
    private static boolean isId(String text) {
        return text.matches("[0-9a-f]{32}");
    }

    /** Whether the base should be on a separate disk, and is not. */
    static boolean isMissing(Syscalls sys, AbsPath path, Fd base) {
        try (Fd around = open(sys, path.parent())) {
            return !marked(sys, around, path).isEmpty() && !isMounted(sys, around, base);
        }
    }

    /** The error in that case, with its remedy. */
    public static String complaint(AbsPath base) {
        return base
                + " was on a disk of its own, and that is not mounted; mount it, or, if the private folders shall stay on this disk from now on: rm "
                + base.parent().child(mark(base));
    }

    private static Fd open(Syscalls sys, AbsPath path) {
        return sys.openFolder(path);
    }

    private static boolean isMounted(Syscalls sys, Fd around, Fd folder) {
        return sys.stat(around).device() != sys.stat(folder).device();
    }

    /** The content of the link; empty if there is none. */
    private static String marked(Syscalls sys, Fd around, AbsPath base) {
        try {
            return sys.readLink(around, mark(base));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.EINVAL) {
                return "";
            }
            throw e;
        }
    }
}
