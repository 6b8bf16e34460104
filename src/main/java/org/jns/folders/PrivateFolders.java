// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.RawName;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.Extent;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.AbsPath;
import org.jns.model.Lifetime;

/**
 * Lists the contents of users' private folders for an admin. Read-only. A user may change such a folder at any time:
 * the walk uses descriptors, follows no symbolic link, enters no mount, and is bounded.
 *
 * <p>Reasons: docs/decisions/44-a-login-holds-its-folder.md
 */
public final class PrivateFolders {
    /** Each level takes a descriptor. */
    private static final int DEEPEST = 64;

    private static final String OWNER = "owner";
    private static final String DRAFT = ".new-";

    private final Syscalls sys;
    private final AbsPath base;
    private int left;

    /**
     * @param base of all private folders
     * @param most limit of the files that are looked at, in total
     */
    public PrivateFolders(Syscalls sys, AbsPath base, int most) {
        this.sys = sys;
        this.base = base;
        this.left = most;
    }

    /**
     * One private folder.
     *
     * @param name of the folder in the user's folder
     * @param key of the target
     * @param session the only session that uses it; empty: all sessions of the user
     * @param lifetime empty if its note cannot be read
     * @param used when a session began to use it, or ended its use, in seconds since 1970; 0 if that is not recorded
     */
    public record Folder(String name, String key, String session, Optional<Lifetime> lifetime, long used, Size size) {}

    /**
     * Bytes on the disk.
     *
     * @param isWhole whether everything was counted
     */
    public record Size(long bytes, boolean isWhole) {
        public static final Size NONE = new Size(0, true);

        public Size plus(Size other) {
            return new Size(bytes + other.bytes, isWhole && other.isWhole);
        }
    }

    /**
     * All folders of a user, sorted by name.
     *
     * @throws SyscallException if the base cannot be read
     */
    public List<Folder> of(long uid) {
        List<Folder> folders = new ArrayList<>();
        try (Fd own = sys.openFolder(base.child(Long.toString(uid)))) {
            List<String> names = new ArrayList<>(sys.list(own));
            names.sort(null);
            for (String name : names) {
                if (!name.equals(OWNER) && !name.startsWith(DRAFT) && !FolderName.isNote(name)) {
                    folder(own, name).ifPresent(folders::add);
                }
            }
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
        }
        return folders;
    }

    /** Empty if it no longer exists. */
    private Optional<Folder> folder(Fd own, String file) {
        FolderName name = FolderName.parse(file).orElse(FolderName.user(file));
        try {
            Optional<Lifetime> lifetime = name.lifetime();
            long used = 0;
            if (lifetime.isEmpty()) {
                Optional<String> noted = Tenancy.noted(sys, own, name);
                lifetime = noted.isPresent() ? Lifetime.keep(noted.get()) : Optional.of(Lifetime.FOREVER);
                used = noted.isPresent() ? used(own, name) : 0;
            }
            String session = name.scope() == FolderName.Scope.SESSION ? name.of() : "";
            return Optional.of(
                    new Folder(file, name.key(), session, lifetime, used, measure(own, RawName.of(file), 0)));
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return Optional.empty();
        }
    }

    /** In wall-clock time, as the clock is set now. */
    private long used(Fd own, FolderName name) {
        Syscalls.Times times = sys.times(own, name.note());
        Optional<Long> noted = LastUse.noted(sys, own, name, times);
        if (noted.isEmpty()) {
            return times.content().seconds();
        }
        try (Fd folder = sys.openFolder(base)) {
            return System.currentTimeMillis() / 1000 - Math.max(0, new OwnTime(sys).now(folder) - noted.get());
        }
    }

    private Size measure(Fd around, RawName name, int depth) {
        if (left-- <= 0) {
            return new Size(0, false);
        }
        Extent extent = sys.extent(around, name);
        Size size = new Size(extent.bytes(), true);
        return extent.isDirectory() ? size.plus(inside(around, name, depth)) : size;
    }

    /** Files that disappear meanwhile, and mounts, are not counted. */
    private Size inside(Fd around, RawName name, int depth) {
        if (depth == DEEPEST) {
            return new Size(0, false);
        }
        Size size = Size.NONE;
        try (Fd folder = sys.open(around, name.toString(), OpenAs.DIRECTORY)) {
            for (List<RawName> some = sys.listSome(folder); !some.isEmpty() && left > 0; some = sys.listSome(folder)) {
                for (RawName entry : some) {
                    size = size.plus(measure(folder, entry, depth + 1));
                }
            }
            return left > 0 ? size : new Size(size.bytes(), false);
        } catch (SyscallException e) {
            return new Size(size.bytes(), false);
        }
    }
}
