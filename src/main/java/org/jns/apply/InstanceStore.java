// SPDX-License-Identifier: Apache-2.0
package org.jns.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jns.model.AbsPath;
import org.jns.model.Step.Ownership;
import org.jns.model.Subject;
import org.jns.sys.Errno;
import org.jns.sys.Fd;
import org.jns.sys.Stat;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;
import org.jns.sys.Syscalls.OpenAs;
import org.jns.sys.Syscalls.Walk;

/**
 * The users' private folders: {@code BASE/UID/KEY}. BASE and UID are root's and nobody else may look in. UID holds the link {@code owner}
 * with the name that the folder was made for: an account removed and made again under another name never gets what the old one left.
 * Everything is made under a name of its own and then renamed, so that nobody ever sees a half-made folder.
 */
public final class InstanceStore {
    private static final int CLOSED = 0700;
    private static final String OWNER = "owner";
    /** A name is free after so many tries, or something removes folders as fast as they are made. */
    private static final int TRIES = 8;

    private final Syscalls sys;
    private final AbsPath path;

    /**
     * @param path of the base
     */
    public InstanceStore(Syscalls sys, AbsPath path) {
        this.sys = sys;
        this.path = path;
    }

    /** The store cannot be trusted as it is; says what to do. */
    public static final class Unsafe extends Exception {
        private static final long serialVersionUID = 1L;

        Unsafe(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Opens the base in this thread's mount namespace: a mount in another one could not be bound. Makes it if it is not there.
     *
     * @throws SyscallException if the folder around it is not there
     */
    public Fd openBase() throws Unsafe {
        Fd base;
        try {
            base = sys.open(Optional.empty(), path.value(), OpenAs.DIRECTORY, Walk.NO_LINKS);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
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
        try (Fd around = sys.open(Optional.empty(), path.parent().value(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            try {
                sys.makeDirectory(around, path.name(), CLOSED);
            } catch (SyscallException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                }
            }
            return sys.open(Optional.of(around), path.name(), OpenAs.DIRECTORY, Walk.NO_LINKS);
        }
    }

    private static void requireClosed(Stat stat, String what) throws Unsafe {
        if (!stat.isDirectory() || stat.uid() != 0 || (stat.mode() & 0077) != 0) {
            throw new Unsafe("cannot use " + what + ": it is not root's alone; make it mode 0700, owned by root, after a look at what is in it");
        }
    }

    /**
     * The user's folder of that key, made if it is not there.
     *
     * @param warnings where it is said that something was put aside
     */
    public Fd open(Fd base, Subject subject, String key, Ownership ownership, List<String> warnings) throws Unsafe {
        try (Fd own = openOwn(base, subject, warnings)) {
            for (int i = 0; i < TRIES; i++) {
                Optional<Fd> there = openIfThere(own, key);
                if (there.isPresent()) {
                    return checked(there.get(), subject, key);
                }
                make(own, key, ownership);
            }
            throw new Unsafe("cannot make " + where(subject) + "/" + key + ": it is removed as soon as it is made");
        }
    }

    private String where(Subject subject) {
        return path + "/" + subject.uid();
    }

    /** Its mode and owner are the user's to change where the user owns it, so only its kind is certain. */
    private Fd checked(Fd folder, Subject subject, String key) throws Unsafe {
        try {
            Stat stat = sys.stat(folder);
            if (stat.uid() != 0 && stat.uid() != subject.uid()) {
                throw new Unsafe("cannot use " + where(subject) + "/" + key + ": uid " + stat.uid()
                        + " owns it; remove it, or give it to root or to uid " + subject.uid());
            }
            return folder;
        } catch (Unsafe | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private Fd openOwn(Fd base, Subject subject, List<String> warnings) throws Unsafe {
        String name = Long.toString(subject.uid());
        for (int i = 0; i < TRIES; i++) {
            Optional<Fd> there = openIfThere(base, name);
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
                warnings.add(putAside(base, name, owner, subject));
            } catch (Unsafe | RuntimeException e) {
                own.close();
                throw e;
            }
            own.close();
        }
        throw new Unsafe("cannot make " + where(subject) + ": it is removed as soon as it is made");
    }

    /** Only what is surely no record is called so: what the message advises is the end of the folders. */
    private String recordedOwner(Fd own, Subject subject) throws Unsafe {
        try {
            return sys.readLink(own, OWNER);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.EINVAL) {
                throw e;
            }
            throw new Unsafe("cannot use " + where(subject) + ": it has no record of its owner; remove it, or link " + OWNER + " in it to the user's name");
        }
    }

    private String putAside(Fd base, String name, String owner, Subject subject) {
        String aside = "aside-" + name + "-" + unique();
        try {
            sys.rename(base, name, aside);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
        return "uid " + subject.uid() + " was " + owner + "'s and is now " + subject.user() + "'s: the old private folders are in " + path + "/" + aside;
    }

    private Optional<Fd> openIfThere(Fd folder, String name) {
        try {
            return Optional.of(sys.open(Optional.of(folder), name, OpenAs.DIRECTORY, Walk.INSIDE));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String unique() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    private void makeOwn(Fd base, String name, String user) {
        String draft = ".new-" + unique();
        sys.makeDirectory(base, draft, CLOSED);
        boolean renamed = false;
        try (Fd own = sys.open(Optional.of(base), draft, OpenAs.DIRECTORY, Walk.INSIDE)) {
            sys.changeMode(own, CLOSED);
            sys.makeLink(own, OWNER, user);
            renamed = renamed(base, draft, name);
        } finally {
            if (!renamed) {
                discard(base, draft);
            }
        }
    }

    private void make(Fd own, String key, Ownership ownership) {
        String draft = ".new-" + unique();
        sys.makeDirectory(own, draft, CLOSED);
        boolean renamed = false;
        try (Fd folder = sys.open(Optional.of(own), draft, OpenAs.DIRECTORY, Walk.INSIDE)) {
            sys.changeOwner(folder, ownership.uid(), ownership.gid());
            // After the owner: chown(2) takes set-id bits away.
            sys.changeMode(folder, ownership.mode());
            renamed = renamed(own, draft, key);
        } finally {
            if (!renamed) {
                discard(own, draft);
            }
        }
    }

    /** If that fails too, an empty folder stays; what the login is told is why it was not renamed. */
    private void discard(Fd folder, String draft) {
        try {
            removeDrafts(folder, List.of(draft));
        } catch (SyscallException e) {
            return;
        }
    }

    /** Whether this one came first. */
    private boolean renamed(Fd folder, String draft, String name) {
        try {
            sys.rename(folder, draft, name);
            return true;
        } catch (SyscallException e) {
            if (e.errno() == Errno.EEXIST) {
                return false;
            }
            throw e;
        }
    }

    /** Removes what a helper that was killed has left half-made. Only while no other helper can be at work. */
    public void removeDrafts(Fd base, List<String> names) {
        List<String> drafts = new ArrayList<>(names);
        drafts.removeIf(name -> !name.startsWith(".new-"));
        for (String draft : drafts) {
            try (Fd folder = sys.open(Optional.of(base), draft, OpenAs.DIRECTORY, Walk.INSIDE)) {
                removeQuietly(() -> sys.remove(folder, OWNER));
                removeQuietly(() -> sys.removeDirectory(base, draft));
            }
        }
    }

    private static void removeQuietly(Runnable removal) {
        try {
            removal.run();
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTEMPTY) {
                throw e;
            }
        }
    }
}
