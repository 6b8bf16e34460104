// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jns.folders.FolderStore;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.Changes;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.jns.model.Subject;

/**
 * Makes overlays, as detached mounts. A session's changes are in a folder that only root reaches by another way than
 * the overlay. That matters: a deleted file is stored as a device 0:0, which anybody may make since Linux 5.8, and
 * which an overlay refuses to make for its users; and other marks are extended attributes named trusted.*, which only
 * root may set. With {@code userxattr} a user could set them, and show what the lower folders hide.
 *
 * <p>Reasons: docs/decisions/05-overlays.md
 */
final class Overlays {
    private static final int CLOSED = 0700;
    private static final int MOST_AT_ONCE = 1000;

    private final Syscalls sys;
    private final FolderStore store;
    private final AbsPath room;
    private final Subject subject;
    private final List<String> warnings;

    /** @param room an empty root-owned folder on which something may be mounted for a moment */
    Overlays(Syscalls sys, FolderStore store, AbsPath room, Subject subject, List<String> warnings) {
        this.sys = sys;
        this.store = store;
        this.room = room;
        this.subject = subject;
        this.warnings = warnings;
    }

    /**
     * The overlay is writable at first, whatever the step says, because mount points may be made in it.
     *
     * @param lower open as {@link OpenAs#DIRECTORY}
     */
    Fd make(Step.Overlay s, List<Fd> lower) throws FolderStore.Unsafe {
        return s.key().isPresent() ? kept(s, lower, s.key().get()) : inMemory(s, lower);
    }

    /**
     * The options do not depend on how the kernel was built, and keep the files readable for a later or another kernel.
     */
    private static Map<String, String> options(String index) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("index", index);
        options.put("metacopy", "off");
        return options;
    }

    private Fd kept(Step.Overlay s, List<Fd> lower, String key) throws FolderStore.Unsafe {
        try (Fd base = store.openBase()) {
            FolderStore.Opened opened = store.openKept(base, subject, key, s.lifetime(), warnings);
            try (Fd kept = opened.folder()) {
                // Two simultaneous logins must not use the same work folder.
                sys.lock(kept);
                store.openUpper(kept, subject, key, s.ownership()).close();
                String own = subject.uid() + "/" + opened.name() + "/";
                Changes changes =
                        new Changes(base, own + FolderStore.UPPER, own + FolderStore.WORK + "/" + freeWork(kept, key));
                return sys.overlay(lower, changes, options("off"), MountPoints.writable(s.flags()));
            }
        }
    }

    /**
     * Each overlay needs a separate work folder: a second overlay with the same one would remove what the first has
     * there, and nothing could be changed in the first any more. The folder is in use as long as any process sees the
     * overlay, which may be longer than the session; so the kernel decides, which refuses a used folder if there is an
     * index.
     */
    private int freeWork(Fd kept, String key) throws FolderStore.Unsafe {
        try (Fd works = open(kept, FolderStore.WORK);
                Fd nothing = open(kept, FolderStore.NOTHING)) {
            for (int i = 0; i < MOST_AT_ONCE; i++) {
                openOrMake(works, Integer.toString(i)).close();
                if (isFree(new Changes(kept, FolderStore.PROBE, FolderStore.WORK + "/" + i), nothing)) {
                    return i;
                }
            }
        }
        throw new FolderStore.Unsafe("cannot show " + subject.user() + "'s changes in " + key + ": " + MOST_AT_ONCE
                + " sessions show them already; end some of them");
    }

    private boolean isFree(Changes changes, Fd nothing) {
        try {
            sys.overlay(List.of(nothing), changes, options("on"), MountFlags.NONE)
                    .close();
            return true;
        } catch (SyscallException e) {
            if (e.errno() == Errno.EBUSY) {
                return false;
            }
            // The index belongs to another file system: the folders were copied, from a backup for example. The kernel
            // reports it only now.
            e.unless(Errno.ESTALE);
            return true;
        }
    }

    /**
     * The kernel accepts an upper folder only on a mount in this namespace. It keeps a copy of that mount, so the
     * visible one may be removed afterwards.
     */
    private Fd inMemory(Step.Overlay s, List<Fd> lower) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("mode", "700");
        if (s.size().isPresent()) {
            options.put("size", Long.toString(s.size().getAsLong()));
        }
        if (s.inodes().isPresent()) {
            options.put("nr_inodes", Long.toString(s.inodes().getAsLong()));
        }
        Fd made = null;
        boolean alone = false;
        try (Fd memory = sys.fresh("tmpfs", options, MountFlags.NONE)) {
            try (Fd onto = sys.open(room.value(), OpenAs.PATH)) {
                sys.attach(memory, onto);
            }
            try {
                made = overIt(s, lower, memory);
            } finally {
                sys.detach(room.value());
            }
            alone = true;
            return made;
        } finally {
            if (made != null && !alone) {
                made.close();
            }
        }
    }

    private Fd overIt(Step.Overlay s, List<Fd> lower, Fd memory) {
        sys.makeDirectory(memory, FolderStore.UPPER, CLOSED);
        sys.makeDirectory(memory, FolderStore.WORK, CLOSED);
        try (Fd upper = open(memory, FolderStore.UPPER)) {
            Ownership o = s.ownership();
            sys.changeOwner(upper, o.uid(), o.gid());
            // After chown(2), because it clears set-id bits.
            sys.changeMode(upper, o.mode());
        }
        return sys.overlay(
                lower,
                new Changes(memory, FolderStore.UPPER, FolderStore.WORK),
                options("off"),
                MountPoints.writable(s.flags()));
    }

    private Fd open(Fd folder, String name) {
        return sys.open(folder, name, OpenAs.DIRECTORY);
    }

    private Fd openOrMake(Fd folder, String name) {
        try {
            return open(folder, name);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
        }
        sys.makeDirectory(folder, name, CLOSED);
        return open(folder, name);
    }
}
