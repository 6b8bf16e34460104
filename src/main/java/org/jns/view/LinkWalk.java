// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.Stat;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;

/**
 * Walks a path one component at a time. Follows a symbolic link only if root made it, in a folder that only root can
 * change: on a merged-/usr system /lib is such a link; a link in a home folder is not.
 *
 * <p>Reasons: docs/decisions/04-trusted-sources.md
 */
final class LinkWalk {
    /** The kernel's own limit, path_resolution(7). */
    private static final int MOST_LINKS = 40;
    /** Contains a folder for each FUSE file system, named by the minor number of its device. */
    private static final String CONNECTIONS = "/sys/fs/fuse/connections/";

    private final Syscalls sys;

    LinkWalk(Syscalls sys) {
        this.sys = sys;
    }

    /** @param rootOnly whether only root can change the file, and every folder on the way to it */
    record Found(AbsPath resolved, Fd file, boolean rootOnly) {}

    /** A link that is not followed: in most cases one that another user than root may have made. */
    static final class Untrusted extends Exception {
        private static final long serialVersionUID = 1L;

        Untrusted(String message) {
            super(message, null, false, false);
        }
    }

    Found walk(AbsPath path) throws Untrusted {
        Deque<String> ahead = new ArrayDeque<>(path.components());
        List<String> behind = new ArrayList<>();
        Fd here = sys.open("/", OpenAs.PATH);
        try {
            boolean rootOnly = isRootOnly(here);
            int followed = 0;
            while (!ahead.isEmpty()) {
                String name = ahead.removeFirst();
                String link =
                        AbsPath.of("/" + String.join("/", behind)).child(name).value();
                sys.approach(link);
                Fd next = sys.open(Optional.of(here), name, OpenAs.LINK_ITSELF, Walk.NO_LINKS);
                Optional<String> text;
                try {
                    text = linkText(here, next, link);
                } catch (Untrusted | RuntimeException e) {
                    next.close();
                    throw e;
                }
                if (text.isEmpty()) {
                    here.close();
                    here = next;
                    behind.add(name);
                    rootOnly &= isRootOnly(here);
                    continue;
                }
                next.close();
                if (++followed > MOST_LINKS) {
                    throw new Untrusted("too many symbolic links at " + link);
                }
                restart(text.get(), behind, ahead, link);
                here.close();
                here = sys.open("/", OpenAs.PATH);
                rootOnly = isRootOnly(here);
            }
            return new Found(AbsPath.of("/" + String.join("/", behind)), here, rootOnly);
        } catch (Untrusted | RuntimeException e) {
            here.close();
            throw e;
        }
    }

    /** Empty for a file that is no link. */
    private Optional<String> linkText(Fd folder, Fd file, String where) throws Untrusted {
        Stat stat = sys.stat(file);
        if (!stat.isSymlink()) {
            return Optional.empty();
        }
        if (stat.uid() != 0 || !isRootOnly(folder)) {
            throw new Untrusted(
                    where + " is a symbolic link that somebody other than root can change; name the path without it");
        }
        return Optional.of(sys.readLink(file));
    }

    /**
     * Puts the link's text in front of the remaining components, and restarts at the root: the link's components are
     * walked like all others.
     */
    private static void restart(String text, List<String> behind, Deque<String> ahead, String link) throws Untrusted {
        List<String> parts = new ArrayList<>(text.startsWith("/") ? List.of() : behind);
        for (String part : text.split("/")) {
            if (part.equals("..")) {
                if (!parts.isEmpty()) {
                    parts.remove(parts.size() - 1);
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        try {
            AbsPath.of("/" + String.join("/", parts) + "/" + String.join("/", ahead));
        } catch (IllegalArgumentException e) {
            throw new Untrusted("the symbolic link " + link + " leads to no usable path: " + e.getMessage());
        }
        behind.clear();
        for (int i = parts.size() - 1; i >= 0; i--) {
            ahead.addFirst(parts.get(i));
        }
    }

    /**
     * The program of a FUSE file system decides what it shows: a user's program may claim that root owns
     * everything; a program that root mounted, such as lxcfs, is trusted.
     */
    private boolean isRootOnly(Fd file) {
        Stat stat = sys.stat(file);
        return stat.isRootOnly() && (!sys.fileSystem(file).isFuse() || hasRootMounted(stat.device()));
    }

    /** False for a FUSE file system on a disk, whose device has a major number, and if the kernel does not tell. */
    private boolean hasRootMounted(long device) {
        boolean anonymous = device >>> 32 == 0;
        if (!anonymous) {
            return false;
        }
        try (Fd connection = sys.open(CONNECTIONS + device, OpenAs.PATH)) {
            return sys.fileSystem(connection).isFuseControl()
                    && sys.stat(connection).uid() == 0;
        } catch (SyscallException e) {
            return false;
        }
    }
}
