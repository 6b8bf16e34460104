// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon.login;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jns.sys.Fd;
import org.jns.wire.Request;

/**
 * One login of a user at a time. The others wait, without a thread, and find what the first one made: so that many at once make one view,
 * and a user whose logins hang keeps no threads from the others. One that takes long lets a few go on beside it. Any thread may ask.
 */
public final class Turns {
    /** Half of the time that the module waits by itself. */
    private static final long LONG_NS = 5_000_000_000L;
    private static final int MOST_AT_WORK = 4;
    private static final int MOST_WAITING = 1024;

    private final LongSupplier clock;
    private final Map<String, Turn> turns = new HashMap<>();

    /**
     * @param clock as {@link System#nanoTime}
     */
    public Turns(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * A login that is asked for.
     *
     * @param leader pid of the process that asks
     * @param began when it did, in {@link System#nanoTime}
     * @param password the pipe with the user's password, if there is one; whoever has done with the login closes it
     */
    record Pending(Fd connection, Request.Open request, int leader, long began, Optional<Fd> password) {

        void closePassword() {
            if (password.isPresent()) {
                password.get().close();
            }
        }
    }

    private static final class Turn {
        final Deque<Pending> waiting = new ArrayDeque<>();
        int atWork;
        long began;
    }

    /** What becomes of a login. */
    enum Place {
        /** It is served now. */
        NOW,
        /** Whoever serves the one before it will go on with it. */
        LATER,
        /** There are too many. */
        NONE
    }

    synchronized Place take(Pending login) {
        Turn turn = turns.get(login.request().user());
        if (turn == null) {
            turn = new Turn();
            turns.put(login.request().user(), turn);
        }
        long now = clock.getAsLong();
        if (turn.atWork == 0 || turn.atWork < MOST_AT_WORK && now - turn.began > LONG_NS) {
            turn.atWork++;
            turn.began = now;
            return Place.NOW;
        }
        if (turn.waiting.size() >= MOST_WAITING) {
            return Place.NONE;
        }
        turn.waiting.add(login);
        return Place.LATER;
    }

    /** A login has been served, one way or another: the next one of that user, for the thread that served it. */
    synchronized Optional<Pending> next(String user) {
        Turn turn = turns.get(user);
        Pending next = turn.waiting.poll();
        if (next != null) {
            turn.began = clock.getAsLong();
            return Optional.of(next);
        }
        turn.atWork--;
        if (turn.atWork == 0) {
            turns.remove(user);
        }
        return Optional.empty();
    }
}
