// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.AbsPath;

/**
 * The records of sessions and of views: one file each in two root-owned folders, written to a temporary name and
 * renamed, so that a reader always sees a complete one. The folders stay open from the beginning, because a view may
 * hide them. Thread-safe; each thread passes its own system calls.
 *
 * <p>A third folder has a mark for each view that the resident daemon does not know yet: a daemon for one login leaves
 * it there.
 *
 * <p>Reasons: docs/decisions/20-records-before-the-answer.md
 */
public final class Records implements AutoCloseable {
    private static final String DRAFT = ".new-";
    private static final int ID_DIGITS = 16;
    /** Enough for some thousand mounts. */
    private static final int MOST_BYTES = 1 << 20;

    private final Fd sessions;
    private final Fd views;
    private final Optional<Fd> unseen;

    /**
     * @param state the folder that contains the first two, which exist
     * @throws SyscallException if they are missing
     */
    public Records(Syscalls sys, AbsPath state) {
        this.sessions = sys.openFolder(sessions(state));
        Optional<Fd> second = Optional.empty();
        try {
            second = Optional.of(sys.openFolder(views(state)));
            this.unseen = ifThere(sys, unseen(state));
        } catch (SyscallException e) {
            if (second.isPresent()) {
                second.get().close();
            }
            sessions.close();
            throw e;
        }
        this.views = second.get();
    }

    /** A daemon of an older version has not made it. */
    private static Optional<Fd> ifThere(Syscalls sys, AbsPath path) {
        try {
            return Optional.of(sys.openFolder(path));
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return Optional.empty();
        }
    }

    /** Makes the folders of the records. */
    public static void makeFolders(Syscalls sys, AbsPath state) {
        for (AbsPath folder : List.of(sessions(state), views(state), unseen(state))) {
            StateFolder.make(sys, folder, 0700);
        }
    }

    public static AbsPath sessions(AbsPath state) {
        return state.child("sessions");
    }

    public static AbsPath views(AbsPath state) {
        return state.child("views");
    }

    public static AbsPath unseen(AbsPath state) {
        return state.child("unseen");
    }

    public void write(Syscalls sys, Session session) {
        write(sys, sessions, session.id(), RecordText.of(session));
    }

    public void write(Syscalls sys, View view) {
        write(sys, views, view.id(), RecordText.of(view));
    }

    private static void write(Syscalls sys, Fd folder, String name, byte[] text) {
        String draft = DRAFT + name;
        boolean named = false;
        // An existing file is not ours to discard.
        Fd file = sys.create(folder, draft);
        try {
            try (file) {
                sys.write(file, text);
            }
            sys.rename(folder, draft, name);
            named = true;
        } finally {
            if (!named) {
                sys.discard(folder, draft);
            }
        }
    }

    /** Does nothing if the record is missing. */
    public void removeSession(Syscalls sys, String id) {
        remove(sys, sessions, id);
    }

    /** Does nothing if the record is missing. */
    public void removeView(Syscalls sys, String id) {
        remove(sys, views, id);
    }

    private static void remove(Syscalls sys, Fd folder, String name) {
        try {
            sys.remove(folder, name);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
        }
    }

    /** Leaves a mark for a view that is about to be recorded. */
    public void markUnseen(Syscalls sys, String view) {
        if (unseen.isPresent()) {
            sys.create(unseen.get(), view).close();
        }
    }

    /** The announced view is not recorded after all; if its mark cannot be removed now, it is removed later. */
    public void unmarkUnseen(Syscalls sys, String view) {
        if (unseen.isPresent()) {
            sys.discard(unseen.get(), view);
        }
    }

    /**
     * When a mark was made or removed last, in nanoseconds since 1970 by the kernel's clock for files; 0 if there can
     * be none.
     */
    public long unseenChangedAt(Syscalls sys) {
        if (unseen.isEmpty()) {
            return 0;
        }
        Syscalls.Time changed = sys.times(unseen.get(), ".").inode();
        return changed.seconds() * 1_000_000_000L + changed.nanoseconds();
    }

    /** The views with a mark; some may not be recorded yet. */
    public List<String> unseenViews(Syscalls sys) {
        return unseen.isPresent() ? list(sys, unseen.get()) : List.of();
    }

    /** When the view got its mark, in seconds since 1970; 0 if it has none. */
    public long unseenSince(Syscalls sys, String view) {
        return unseen.isPresent() ? changed(sys, unseen.get(), view) : 0;
    }

    /** In seconds since 1970; 0 if the file is missing. */
    private static long changed(Syscalls sys, Fd folder, String name) {
        try {
            return sys.times(folder, name).inode().seconds();
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return 0;
        }
    }

    /** Removes the mark, if there is one. */
    public void forgetUnseen(Syscalls sys, String view) {
        if (unseen.isPresent()) {
            remove(sys, unseen.get(), view);
        }
    }

    public List<String> sessionIds(Syscalls sys) {
        List<String> ids = new ArrayList<>();
        for (String name : list(sys, sessions)) {
            if (isHex(name, 0)) {
                ids.add(name);
            }
        }
        return ids;
    }

    public List<String> viewIds(Syscalls sys) {
        List<String> ids = new ArrayList<>();
        for (String name : list(sys, views)) {
            int dot = name.indexOf('.');
            if (dot > 0 && isHex(name, dot + 1)) {
                ids.add(name);
            }
        }
        return ids;
    }

    /** Any other files in the folders are ignored. */
    private static boolean isHex(String name, int from) {
        for (int i = from; i < name.length(); i++) {
            if (Character.digit(name.charAt(i), 16) < 0) {
                return false;
            }
        }
        return name.length() == from + ID_DIGITS;
    }

    /** Reading a folder moves the position of its descriptor, so this needs a separate one. */
    private static List<String> list(Syscalls sys, Fd folder) {
        try (Fd again = sys.open(folder, ".", OpenAs.DIRECTORY)) {
            return sys.list(again);
        }
    }

    /** Empty if the record is missing or invalid. */
    public Optional<Session> session(Syscalls sys, String id) {
        return read(sys, sessions, id, RecordText::session)
                .filter(session -> session.id().equals(id));
    }

    /** Empty if the record is missing or invalid. */
    public Optional<View> view(Syscalls sys, String id) {
        return read(sys, views, id, RecordText::view).filter(view -> view.id().equals(id));
    }

    private static <T> Optional<T> read(Syscalls sys, Fd folder, String name, Function<byte[], Optional<T>> reader) {
        try (Fd file = sys.open(folder, name, OpenAs.READ)) {
            return reader.apply(sys.read(file, MOST_BYTES));
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return Optional.empty();
        }
    }

    /** All readable records; sessions that end meanwhile are left out. */
    public List<Session> allSessions(Syscalls sys) {
        List<Session> all = new ArrayList<>();
        for (String id : sessionIds(sys)) {
            session(sys, id).ifPresent(all::add);
        }
        return all;
    }

    /** All readable records; views that end meanwhile are left out. */
    public List<View> allViews(Syscalls sys) {
        List<View> all = new ArrayList<>();
        for (String id : viewIds(sys)) {
            view(sys, id).ifPresent(all::add);
        }
        return all;
    }

    /**
     * Removes the drafts of daemons that were killed.
     *
     * @param isSettled of a time in seconds since 1970: anything younger may still be written
     */
    public void removeDrafts(Syscalls sys, LongPredicate isSettled) {
        for (Fd folder : List.of(sessions, views)) {
            for (String name : list(sys, folder)) {
                if (name.startsWith(DRAFT) && isSettled.test(changed(sys, folder, name))) {
                    remove(sys, folder, name);
                }
            }
        }
    }

    @Override
    public void close() {
        sessions.close();
        views.close();
        if (unseen.isPresent()) {
            unseen.get().close();
        }
    }
}
