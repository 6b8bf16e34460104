// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jns.Nullable;
import org.jns.linux.Fd;
import org.jns.linux.Hanging;
import org.jns.linux.MountPoints;
import org.jns.linux.Progress;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;

/**
 * Finds out which logins hang, and where. It looks at every thread twice a second while logins run. A thread that has
 * made no progress since the last look hangs, and no longer counts for the limits. If many threads hang at a place for
 * long, no further thread tries that place. Belongs to one thread.
 *
 * <p>Reasons: docs/decisions/23-hanging-logins.md
 */
final class Watch {
    /** Milliseconds between two looks. */
    static final int LOOK_MS = 500;
    /** In looks. If many logins hang at one place for this long, or a few for longer, no further login tries. */
    private static final int SOON = 2;

    private static final int LATE = 6;
    private static final int MANY = 32;
    private static final int SOME = 8;
    /** In looks. It is before the timeout of the module, which could not tell the reason. */
    private static final int FOR_GOOD = 15;

    private final Syscalls sys;
    private final Hanging hanging;
    private final Turns turns;
    private final Consumer<Served> done;
    private final Map<Workbench, Look> looks = new HashMap<>();
    private final Set<String> closed = new HashSet<>();

    /** What was seen of a thread. */
    private static final class Look {
        private @Nullable Turns.Pending login;
        private int moves;
        private int same;
        private @Nullable Hanging.Spot spot;
    }

    Watch(Syscalls sys, Hanging hanging, Turns turns, Consumer<Served> done) {
        this.sys = sys;
        this.hanging = hanging;
        this.turns = turns;
        this.done = done;
    }

    /**
     * Looks once at every thread.
     *
     * @param benches of all threads
     * @return whether logins run
     */
    boolean look(List<Workbench> benches) {
        boolean busy = false;
        looks.keySet().retainAll(benches);
        for (Workbench bench : benches) {
            Optional<Turns.Pending> login = bench.served();
            if (login.isEmpty()) {
                looks.remove(bench);
            } else {
                busy = true;
                look(bench, login.get());
            }
        }
        summarize();
        return busy;
    }

    @SuppressWarnings("ReferenceEquality") // each login is one object
    private void look(Workbench bench, Turns.Pending login) {
        int moves = bench.progress.moves();
        String what = bench.progress.what();
        Look look = looks.computeIfAbsent(bench, none -> new Look());
        if (look.login != login || look.moves != moves || what.isEmpty()) {
            look.login = login;
            look.moves = moves;
            look.same = 0;
            look.spot = null;
            return;
        }
        look.same++;
        if (look.same == 1) {
            look.spot = spot(what);
            turns.hangs(login);
        }
        if (what.equals(Progress.USERS) && login.asking() == Turns.Asking.ANYBODY) {
            if (look.same == 1) {
                turns.alsoBy(login, Turns.Asking.NOBODY);
            } else if (look.same == FOR_GOOD) {
                turns.alsoBy(login, Turns.Asking.NO_LONGER);
            }
        }
    }

    private Hanging.Spot spot(String what) {
        if (what.equals(Progress.USERS)) {
            return new Hanging.Spot(what, true, Set.of(), 1, false);
        }
        try (Fd table = sys.mountTable()) {
            return MountPoints.around(sys, table, what);
        } catch (SyscallException e) {
            // Of the other threads that hang there, only those that ask for the same are known.
            return new Hanging.Spot(what, true, Set.of(), 1, false);
        }
    }

    /** Counts how many hang at each place, and decides whether others should try it. */
    private void summarize() {
        Map<String, List<Look>> places = new HashMap<>();
        for (Look look : looks.values()) {
            if (look.spot != null) {
                places.computeIfAbsent(look.spot.place(), none -> new ArrayList<>())
                        .add(look);
            }
        }
        List<Hanging.Spot> spots = new ArrayList<>();
        for (List<Look> there : places.values()) {
            Hanging.Spot one = Objects.requireNonNull(there.get(0).spot);
            spots.add(new Hanging.Spot(one.place(), one.alone(), one.mountedBelow(), there.size(), isClosed(there)));
        }
        hanging.set(spots);
        tell(spots);
    }

    private static boolean isClosed(List<Look> there) {
        return count(there, SOON) >= MANY || count(there, LATE) >= SOME;
    }

    private static int count(List<Look> there, int looks) {
        int count = 0;
        for (Look look : there) {
            count += look.same >= looks ? 1 : 0;
        }
        return count;
    }

    private void tell(List<Hanging.Spot> spots) {
        Set<String> now = new HashSet<>();
        for (Hanging.Spot spot : spots) {
            if (spot.isClosed()) {
                now.add(spot.place());
                if (!closed.contains(spot.place())) {
                    done.accept(new Served.Hangs(spot.place(), spot.logins()));
                }
            }
        }
        for (String place : closed) {
            if (!now.contains(place)) {
                done.accept(new Served.Hangs(place, 0));
            }
        }
        closed.clear();
        closed.addAll(now);
    }
}
