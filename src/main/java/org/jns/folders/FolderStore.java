// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.List;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.NameService;
import org.jns.linux.Passwd;
import org.jns.linux.Progress;
import org.jns.linux.Stat;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.Lifetime;
import org.jns.model.Step.Ownership;
import org.jns.model.Subject;

/**
 * The users' private folders, for one login: {@code BASE/UID/KEY}. BASE and UID are root-owned and closed to others.
 * UID contains the link {@code owner} with the name that the folder was made for: an account that is removed and made
 * again under another name never gets the old private folders. A name that still has the uid is another name of the
 * same user. A renamed user who keeps the home has it after the name, following a colon. Everything is made as a draft
 * and renamed atomically, so that no process ever sees a half-made folder. A note next to a folder says how long it is
 * kept, see {@link Tenancy}.
 *
 * <p>Reasons: docs/decisions/40-checked-at-each-login.md
 */
public final class FolderStore implements AutoCloseable {
    /** The folder with an overlay's changes, in the user's folder for that overlay. */
    public static final String UPPER = "upper";

    public static final String WORK = "work";
    /** Two empty folders; an overlay of them tells what is in use. */
    public static final String PROBE = "probe";

    public static final String NOTHING = "nothing";

    private static final int CLOSED = 0700;
    private static final Ownership ROOTS_ALONE = new Ownership(CLOSED, 0, 0);
    private static final List<String> OF_OVERLAY = List.of(WORK, PROBE, NOTHING);
    private static final String OWNER = "owner";
    /** After this many attempts a name is free, or something removes folders as fast as they are made. */
    private static final int TRIES = 8;

    private final Syscalls sys;
    private final AbsPath path;
    private final Tenancy tenancy;
    private final Optional<NameService> names;

    /**
     * A store that treats any name other than the subject's as unused.
     *
     * @param path of the base
     * @param session for which the folders are opened
     */
    public FolderStore(Syscalls sys, AbsPath path, String session) {
        this(sys, path, session, Optional.empty());
    }

    /**
     * @param path of the base
     * @param session for which the folders are opened
     * @param names asked if a folder was made for another name
     */
    public FolderStore(Syscalls sys, AbsPath path, String session, NameService names) {
        this(sys, path, session, Optional.of(names));
    }

    private FolderStore(Syscalls sys, AbsPath path, String session, Optional<NameService> names) {
        this.sys = sys;
        this.path = path;
        this.tenancy = new Tenancy(sys, session);
        this.names = names;
    }

    /** The store cannot be trusted in its current state; the message names the remedy. */
    public static final class Unsafe extends Exception {
        private static final long serialVersionUID = 1L;

        public Unsafe(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Opens the base in this thread's mount namespace, because a mount in another one could not be bound. Makes it if
     * it is missing.
     *
     * @throws SyscallException if the parent folder is missing
     */
    public Fd openBase() throws Unsafe {
        Fd base;
        sys.approach(path.value());
        try {
            base = sys.openFolder(path);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            base = makeBase();
        }
        try {
            requireClosed(sys.stat(base), path.value());
            return base;
        } catch (Unsafe | RuntimeException e) {
            base.close();
            throw e;
        }
    }

    private Fd makeBase() {
        try (Fd around = sys.openFolder(path.parent())) {
            try {
                sys.makeDirectory(around, path.name(), CLOSED);
            } catch (SyscallException e) {
                e.unless(Errno.EEXIST);
            }
            return sys.open(Optional.of(around), path.name(), OpenAs.DIRECTORY, Walk.NO_LINKS);
        }
    }

    private static void requireClosed(Stat stat, String what) throws Unsafe {
        if (!stat.isDirectory() || stat.uid() != 0 || (stat.mode() & 0077) != 0) {
            throw new Unsafe("cannot use " + what
                    + ": it is not root's alone; make it mode 0700, owned by root, after a look at what is in it");
        }
    }

    /** The required properties of a folder. */
    private record Wanted(Lifetime lifetime, Ownership ownership, Optional<Skel> skel, boolean forOverlay) {}

    /**
     * An existing folder.
     *
     * @param name in the user's folder: not always the key
     */
    public record Opened(Fd folder, String name) {}

    /** The folder that a new one is copied from, with its path for messages. */
    public record Skel(Fd folder, AbsPath path) {}

    /**
     * Opens the user's folder with that key, and makes it if it is missing.
     *
     * @param warnings gets a line about each folder that was moved aside
     */
    public Fd open(
            Fd base,
            Subject subject,
            String key,
            Lifetime lifetime,
            Ownership ownership,
            Optional<Skel> skel,
            List<String> warnings)
            throws Unsafe {
        Opened opened = openOrMake(base, subject, key, new Wanted(lifetime, ownership, skel, false), warnings);
        return checked(opened.folder(), subject, where(subject) + "/" + key, ownership);
    }

    /** The same for the changes of an overlay: a root-owned folder with the folders that an overlay needs. */
    public Opened openKept(Fd base, Subject subject, String key, Lifetime lifetime, List<String> warnings)
            throws Unsafe {
        Opened opened =
                openOrMake(base, subject, key, new Wanted(lifetime, ROOTS_ALONE, Optional.empty(), true), warnings);
        try {
            requireClosed(sys.stat(opened.folder()), where(subject) + "/" + key);
            return opened;
        } catch (Unsafe | RuntimeException e) {
            opened.folder().close();
            throw e;
        }
    }

    /** Opens the topmost folder of the overlay. */
    public Fd openUpper(Fd kept, Subject subject, String key, Ownership ownership) throws Unsafe {
        Optional<Fd> upper = sys.openIfThere(kept, UPPER);
        if (upper.isEmpty()) {
            upper = Optional.of(Drafts.begin(sys, kept, UPPER));
        }
        return checked(upper.get(), subject, where(subject) + "/" + key + "/" + UPPER, ownership);
    }

    private Opened openOrMake(Fd base, Subject subject, String key, Wanted wanted, List<String> warnings)
            throws Unsafe {
        try {
            return openOrMakeNow(base, subject, key, wanted, warnings);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT) {
                throw new Unsafe(
                        "cannot make " + where(subject) + "/" + key + ": " + e.getMessage() + "; the file system of "
                                + path + " has no room or no free inodes left, see df " + path + " and df -i " + path);
            }
            throw e;
        }
    }

    private Opened openOrMakeNow(Fd base, Subject subject, String key, Wanted wanted, List<String> warnings)
            throws Unsafe {
        try (Fd own = openOwn(base, subject, warnings)) {
            String name = tenancy.begin(own, key, wanted.lifetime()).folder();
            for (int i = 0; i < TRIES; i++) {
                Optional<Fd> there = sys.openIfThere(own, name);
                if (there.isPresent()) {
                    return new Opened(there.get(), name);
                }
                make(own, name, wanted);
            }
            throw new Unsafe("cannot make " + where(subject) + "/" + key + ": it is removed as soon as it is made");
        }
    }

    /** Called when the view with the folders exists, or never will. */
    @Override
    public void close() {
        tenancy.end();
    }

    private String where(Subject subject) {
        return path + "/" + subject.uid();
    }

    /**
     * Adjusts a folder that was made under another rule, or over another target. A root-owned folder gets the
     * properties that it should have; but if more people could write to it before than may now, and not everybody may,
     * then it may contain files that root would trust and somebody else has made: an admin must look at that. A folder
     * that the user owns keeps the mode that the user gave it.
     */
    private Fd checked(Fd folder, Subject subject, String where, Ownership wanted) throws Unsafe {
        try {
            Stat stat = sys.stat(folder);
            if (stat.uid() != 0 && stat.uid() != subject.uid()) {
                throw new Unsafe("cannot use " + where + ": uid " + stat.uid()
                        + " owns it; remove it, or give it to root or to uid " + subject.uid());
            }
            if (wanted.uid() == 0 && (wanted.mode() & 0002) == 0 && isLaxer(stat, wanted)) {
                throw new Unsafe(
                        "cannot use " + where + ": it is " + new Ownership(stat.permissions(), stat.uid(), stat.gid())
                                + ", and more people could write to it than by the rule now (" + wanted
                                + "); look at what is in it, then remove it or give it that owner and mode");
            }
            boolean usersOwn = wanted.uid() != 0 && stat.uid() == wanted.uid();
            boolean asWanted =
                    stat.uid() == wanted.uid() && stat.gid() == wanted.gid() && stat.permissions() == wanted.mode();
            if (!usersOwn && !asWanted) {
                give(folder, wanted);
            }
            return folder;
        } catch (Unsafe | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static boolean isLaxer(Stat stat, Ownership wanted) {
        boolean groupMayWrite = (stat.mode() & 0020) != 0;
        boolean groupMightNot = (wanted.mode() & 0020) == 0 || wanted.gid() != stat.gid();
        // Without the sticky bit they may remove and rename the files of others.
        boolean lostSticky = groupMayWrite && (wanted.mode() & ~stat.mode() & 01000) != 0;
        return stat.uid() != 0 || groupMayWrite && groupMightNot || lostSticky || (stat.mode() & 0002) != 0;
    }

    private void give(Fd folder, Ownership ownership) {
        sys.changeOwner(folder, ownership.uid(), ownership.gid());
        // After chown(2), because it clears set-id bits.
        sys.changeMode(folder, ownership.mode());
    }

    private Fd openOwn(Fd base, Subject subject, List<String> warnings) throws Unsafe {
        String name = Long.toString(subject.uid());
        for (int i = 0; i < TRIES; i++) {
            Optional<Fd> there = sys.openIfThere(base, name);
            if (there.isEmpty()) {
                makeOwn(base, name, subject.user());
                continue;
            }
            Fd own = there.get();
            try {
                requireClosed(sys.stat(own), where(subject));
                String owner = recordedOwner(own, subject);
                if (owner.equals(subject.user())) {
                    return own;
                }
                if (nameIn(owner).equals(subject.user()) || isSameUser(owner, subject)) {
                    record(own, owner, subject);
                    return own;
                }
                requireDisk(base, name);
                warnings.add(putAside(base, name, nameIn(owner), subject));
            } catch (Unsafe | RuntimeException e) {
                own.close();
                throw e;
            }
            own.close();
        }
        throw new Unsafe("cannot make " + where(subject) + ": it is removed as soon as it is made");
    }

    /**
     * Whether the folder belongs to the same user under another name: that name has the uid now, or no user has it any
     * more and this user has the home of that name. usermod -l causes the second case; a user who is given the home of
     * an old account has its files anyway.
     *
     * @param owner as it is recorded
     * @throws SyscallException if the user database does not answer: nothing is moved aside because of that
     */
    private boolean isSameUser(String owner, Subject subject) {
        if (names.isEmpty()) {
            return false;
        }
        sys.approach(Progress.USERS);
        try {
            Optional<Passwd> entry = names.get().user(nameIn(owner));
            return entry.isPresent() ? entry.get().uid() == subject.uid() : hasHomeOf(owner, subject);
        } finally {
            sys.arrive();
        }
    }

    /** Whether the home is named like the recorded name, or was recorded with it. */
    private static boolean hasHomeOf(String owner, Subject subject) {
        String name = nameIn(owner);
        return subject.home().endsWith("/" + name) || owner.equals(name + ":" + subject.home());
    }

    /** No name in a user database contains a colon. */
    private static String nameIn(String owner) {
        int colon = owner.indexOf(':');
        return colon < 0 ? owner : owner.substring(0, colon);
    }

    /**
     * Records the name and the home. The other name may be removed one day while the user stays. So may the home that
     * is named like the first name: the next name may be the first one again, or a third one. The home is forgotten
     * when the user has another one, because another user may get it then.
     */
    private void record(Fd own, String owner, Subject subject) {
        boolean isToldByName = subject.home().endsWith("/" + subject.user());
        String text =
                hasHomeOf(owner, subject) && !isToldByName ? subject.user() + ":" + subject.home() : subject.user();
        if (text.equals(owner)) {
            return;
        }
        String draft = Drafts.PREFIX + TreeRemoval.unique();
        sys.makeLink(own, draft, text);
        sys.replace(own, draft, OWNER);
    }

    /** Calls only files that are certainly no record invalid: the message advises to remove the folders. */
    private String recordedOwner(Fd own, Subject subject) throws Unsafe {
        try {
            return sys.readLink(own, OWNER);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.EINVAL) {
                throw e;
            }
            throw new Unsafe("cannot use " + where(subject) + ": it has no record of its owner; remove it, or link "
                    + OWNER + " in it to the user's name");
        }
    }

    private String putAside(Fd base, String name, String owner, Subject subject) {
        String aside = "aside-" + name + "-" + TreeRemoval.unique();
        try {
            sys.rename(base, name, aside);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
        }
        return "uid " + subject.uid() + " was " + owner + "'s and is now " + subject.user()
                + "'s: the old private folders are in " + path + "/" + aside;
    }

    private void requireDisk(Fd base, String name) throws Unsafe {
        if (OwnDisk.isMissing(sys, path, base)) {
            throw new Unsafe("cannot make " + path + "/" + name + ": " + OwnDisk.complaint(path));
        }
    }

    private void makeOwn(Fd base, String name, String user) throws Unsafe {
        requireDisk(base, name);
        try (Fd held = Drafts.again(sys, base)) {
            // The process that removes abandoned drafts must have the folder alone.
            sys.lockShared(held);
            makeOwnHeld(base, name, user);
        }
    }

    private void makeOwnHeld(Fd base, String name, String user) {
        String draft = Drafts.PREFIX + TreeRemoval.unique();
        boolean renamed = false;
        try (Fd own = Drafts.begin(sys, base, draft)) {
            sys.changeMode(own, CLOSED);
            sys.makeLink(own, OWNER, user);
            renamed = renamed(base, draft, name);
        } finally {
            if (!renamed) {
                Drafts.discard(sys, base, draft);
            }
        }
    }

    private void make(Fd own, String key, Wanted wanted) throws Unsafe {
        try (Fd held = Drafts.again(sys, own)) {
            sys.lockShared(held);
            makeHeld(own, key, wanted);
        }
    }

    private void makeHeld(Fd own, String key, Wanted wanted) throws Unsafe {
        String draft = Drafts.PREFIX + TreeRemoval.unique();
        boolean renamed = false;
        try (Fd folder = Drafts.begin(sys, own, draft)) {
            if (wanted.skel().isPresent()) {
                Skel skel = wanted.skel().get();
                Skeleton.copy(sys, skel.folder(), skel.path(), folder, wanted.ownership());
            }
            if (wanted.forOverlay()) {
                for (String name : OF_OVERLAY) {
                    sys.makeDirectory(folder, name, CLOSED);
                }
            }
            give(folder, wanted.ownership());
            renamed = renamed(own, draft, key);
        } finally {
            if (!renamed) {
                Drafts.discard(sys, own, draft);
            }
        }
    }

    /** Whether this login was the first to rename. */
    private boolean renamed(Fd folder, String draft, String name) {
        try {
            sys.rename(folder, draft, name);
            return true;
        } catch (SyscallException e) {
            e.unless(Errno.EEXIST);
            return false;
        }
    }
}
