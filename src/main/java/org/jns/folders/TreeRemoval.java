// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.RawName;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.Printable;

/**
 * Removes what was moved aside into one folder, {@code BASE/.gone}, a bounded number of entries at a time. It never
 * descends: it first moves folders inside a folder up, next to that one. So two descriptors suffice for a tree of any
 * depth, nothing is opened by more than one name, in a folder that only root can enter, and a process that is killed on
 * the way loses no state: whatever still exists is left to do. It follows no symbolic link and enters no mount; it
 * removes what it moved to a name, and nothing that had the name before.
 *
 * <p>Reasons: docs/decisions/45-removal.md
 */
final class TreeRemoval {
    static final String FOLDER = ".gone";

    /** The number of times that a folder may have new entries while it is emptied. */
    private static final int TRIES = 3;

    private static final int MOST_COMPLAINTS = 20;

    private final Syscalls sys;
    private final BooleanSupplier stopped;
    private final Map<String, Integer> tries = new HashMap<>();
    private final Set<String> left = new HashSet<>();
    private final List<String> complaints = new ArrayList<>();
    private int budget;
    private boolean progress;
    private boolean stuck;

    /** @param stopped asked before each entry */
    TreeRemoval(Syscalls sys, BooleanSupplier stopped) {
        this.sys = sys;
        this.stopped = stopped;
    }

    /**
     * Removes at most the given number of entries.
     *
     * @return whether more can be removed now
     */
    boolean turn(Fd base, int most) {
        budget = most;
        progress = false;
        try (Fd gone = sys.open(base, FOLDER, OpenAs.DIRECTORY)) {
            return turn(gone);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return false;
        }
    }

    private boolean turn(Fd gone) {
        for (List<RawName> some = sys.listSome(gone); !some.isEmpty(); some = sys.listSome(gone)) {
            for (RawName name : some) {
                if (left.contains(name.toString())) {
                    continue;
                }
                if (isOver()) {
                    return !stopped.getAsBoolean();
                }
                take(gone, name);
            }
        }
        return progress && !stopped.getAsBoolean();
    }

    private boolean isOver() {
        return budget <= 0 || stopped.getAsBoolean();
    }

    /** What could not be removed since the last call. It is tried again. */
    List<String> complaints() {
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        left.clear();
        tries.clear();
        return all;
    }

    private void complain(String what, SyscallException e) {
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add("cannot remove " + Printable.of(what) + ": " + e.getMessage());
        }
    }

    private void take(Fd gone, RawName name) {
        budget--;
        try {
            sys.remove(gone, name);
            progress = true;
        } catch (SyscallException e) {
            if (e.errno() == Errno.EISDIR) {
                takeFolder(gone, name.toString());
            } else if (e.errno() != Errno.ENOENT) {
                leave(name.toString(), e);
            }
        }
    }

    private void leave(String name, SyscallException e) {
        left.add(name);
        complain(name, e);
    }

    private void takeFolder(Fd gone, String name) {
        try {
            boolean whole;
            stuck = false;
            try (Fd folder = sys.open(gone, name, OpenAs.DIRECTORY)) {
                whole = empty(gone, folder);
            }
            if (stuck && whole) {
                left.add(name);
            } else if (whole) {
                sys.removeDirectory(gone, name);
                progress = true;
            }
        } catch (SyscallException e) {
            boolean hasNew = e.errno() == Errno.ENOTEMPTY && tries.merge(name, 1, Integer::sum) < TRIES;
            if (!hasNew && e.errno() != Errno.ENOENT) {
                leave(name, e);
            }
            progress |= hasNew;
        }
    }

    /** False if the limit is reached. */
    private boolean empty(Fd gone, Fd folder) {
        for (List<RawName> some = sys.listSome(folder); !some.isEmpty(); some = sys.listSome(folder)) {
            for (RawName name : some) {
                if (isOver()) {
                    return false;
                }
                budget--;
                clear(gone, folder, name);
            }
        }
        return true;
    }

    private void clear(Fd gone, Fd folder, RawName name) {
        try {
            sys.remove(folder, name);
            progress = true;
        } catch (SyscallException e) {
            if (e.errno() == Errno.EISDIR) {
                moveUp(gone, folder, name);
            } else if (e.errno() != Errno.ENOENT) {
                stuck = true;
                complain(name.toString(), e);
            }
        }
    }

    private void moveUp(Fd gone, Fd folder, RawName name) {
        try {
            sys.move(folder, name, gone, unique());
            progress = true;
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                stuck = true;
                complain(name.toString(), e);
            }
        }
    }

    static String unique() {
        return Printable.hex(ThreadLocalRandom.current().nextLong(), 16);
    }
}
