// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jns.Nullable;
import org.jns.linux.Fd;
import org.jns.wire.Request;

/**
 * Decides in which order logins are served. One login of a user runs at a time: the others wait, without a thread, and
 * find what the first one made. If the first is slow or hangs, a few others run in parallel with it. The number for all
 * users is limited too; a login that hangs does not count for it, so that the logins after it soon find out whether
 * they would hang as well. A login of root waits only for another one of root. Thread-safe.
 *
 * <p>Reasons: docs/decisions/24-one-login-of-a-user.md
 */
final class Turns {
    /** Half of the time that the module itself waits by default. */
    private static final long LONG_NS = 5_000_000_000L;

    private static final int MOST_AT_WORK = 4;
    private static final int MOST_WAITING = 1024;
    /** A burst of logins into a file system that hangs takes this many threads before anybody knows that it hangs. */
    private static final int MOST_BUSY = 64;

    private static final int MOST_IN_LINE = 4096;

    private final LongSupplier clock;
    private final Map<String, Turn> turns = new HashMap<>();
    /** Logins whose turn has come and that wait for a thread. */
    private final Deque<Pending> line = new ArrayDeque<>();

    private int busy;

    /** @param clock in nanoseconds, such as {@link System#nanoTime} */
    Turns(LongSupplier clock) {
        this.clock = clock;
    }

    /** How a login finds out who the user is. */
    enum Asking {
        /** It asks the user database, and waits as long as that takes. */
        ANYBODY,
        /**
         * It uses only the host's local data; if that does not suffice, the thread that asks the user database
         * continues.
         */
        NOBODY,
        /** It has waited long enough for the user database, and ends. */
        NO_LONGER
    }

    /**
     * What several threads know about one login. The first thread that knows enough answers it. The turns guard the
     * other fields.
     */
    private static final class SharedState {
        private boolean isClaimed;
        /** Whether its user's turn counts it as one that hangs. */
        private boolean hangsInTurn;

        synchronized boolean claim() {
            boolean first = !isClaimed;
            isClaimed = true;
            return first;
        }
    }

    /** What one thread knows about a login. */
    private static final class OwnState {
        /** Accessed only by the thread that serves it. */
        private boolean isMine;
        /** Guarded by the turns, like the next field. */
        private boolean isServed;

        private boolean hangs;
    }

    /**
     * One requested login, as one thread serves it.
     *
     * @param leader pid of the process that asks
     * @param began when it asked, in {@link System#nanoTime}
     * @param password the pipe with the user's password, if any; the thread that finishes the login closes it
     * @param isUrgent whether it is a login of root
     */
    record Pending(
            Fd connection,
            Request.Open request,
            int leader,
            long began,
            Optional<Fd> password,
            boolean isUrgent,
            Asking asking,
            SharedState shared,
            OwnState own) {

        Pending(Fd connection, Request.Open request, int leader, long began, Optional<Fd> password, boolean isUrgent) {
            this(
                    connection,
                    request,
                    leader,
                    began,
                    password,
                    isUrgent,
                    Asking.ANYBODY,
                    new SharedState(),
                    new OwnState());
        }

        /** The same login, for another thread that does not ask the service in which the first one hangs. */
        Pending by(Asking other) {
            return new Pending(connection, request, leader, began, password, isUrgent, other, shared, new OwnState());
        }

        /** Returns true for one thread only: that thread alone may use the connection and the password from now on. */
        boolean claim() {
            own.isMine = shared.claim();
            return own.isMine;
        }

        boolean isMine() {
            return own.isMine;
        }

        void closePassword() {
            if (password.isPresent()) {
                password.get().close();
            }
        }
    }

    private static final class Turn {
        final Deque<Pending> waiting = new ArrayDeque<>();
        int atWork;
        int hanging;
        long began;
    }

    /** When a login is served. */
    enum When {
        /** At once. */
        NOW,
        /** After a login before it, by the thread that served that one, or by one that is free. */
        LATER,
        /** Never: too many wait already. */
        NEVER
    }

    synchronized When take(Pending login) {
        Turn turn = turns.get(login.request.user());
        if (turn == null) {
            turn = new Turn();
            turns.put(login.request.user(), turn);
        }
        long now = clock.getAsLong();
        if (mayBegin(turn, login.isUrgent) || turn.atWork < MOST_AT_WORK && now - turn.began > LONG_NS) {
            return begin(turn, login, now);
        }
        if (turn.waiting.size() >= MOST_WAITING) {
            return When.NEVER;
        }
        turn.waiting.add(login);
        return When.LATER;
    }

    private static boolean mayBegin(Turn turn, boolean urgent) {
        return turn.atWork == turn.hanging && (turn.atWork < MOST_AT_WORK || urgent);
    }

    private When begin(Turn turn, Pending login, long now) {
        if (busy >= MOST_BUSY && !login.isUrgent && line.size() >= MOST_IN_LINE) {
            forgetUnused(login.request.user(), turn);
            return When.NEVER;
        }
        turn.atWork++;
        turn.began = now;
        if (busy >= MOST_BUSY && !login.isUrgent) {
            addToLine(login);
            return When.LATER;
        }
        countServed(login);
        return When.NOW;
    }

    /** Puts logins of root first: the limit for all users does not apply to them. */
    private void addToLine(Pending login) {
        if (login.isUrgent) {
            line.addFirst(login);
        } else {
            line.add(login);
        }
    }

    private void countServed(Pending login) {
        busy++;
        login.own.isServed = true;
    }

    private void forgetUnused(String user, Turn turn) {
        if (turn.atWork == 0 && turn.waiting.isEmpty()) {
            turns.remove(user);
        }
    }

    /**
     * A thread has finished a login in some way; returns what it serves next.
     *
     * @param answered whether this thread answered the login, or gave it up for good
     */
    synchronized Optional<Pending> next(Pending done, boolean answered) {
        leave(done);
        if (answered) {
            Pending next = endTurn(done);
            if (next != null) {
                countServed(next);
                return Optional.of(next);
            }
        }
        return fromLine();
    }

    private void leave(Pending done) {
        done.own.isServed = false;
        if (!done.own.hangs) {
            busy--;
        }
    }

    /** The login that has the turn now; null if none waits. */
    private @Nullable Pending endTurn(Pending done) {
        Turn turn = Objects.requireNonNull(turns.get(done.request.user()));
        if (done.shared.hangsInTurn) {
            done.shared.hangsInTurn = false;
            turn.hanging--;
        }
        Pending next = turn.waiting.poll();
        if (next != null) {
            turn.began = clock.getAsLong();
            return next;
        }
        turn.atWork--;
        forgetUnused(done.request.user(), turn);
        return null;
    }

    /** Takes a login that waited for a thread. */
    synchronized Optional<Pending> fromLine() {
        Iterator<Pending> waiting = line.iterator();
        while (waiting.hasNext()) {
            Pending next = waiting.next();
            if (next.isUrgent || busy < MOST_BUSY) {
                waiting.remove();
                countServed(next);
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    synchronized boolean isSomebodyInLine() {
        return !line.isEmpty();
    }

    /**
     * A thread ends while it serves a login: returns the waiting logins of the same user, which no thread will serve.
     */
    synchronized List<Pending> abandon(Pending login) {
        leave(login);
        List<Pending> left = new ArrayList<>();
        for (Pending next = endTurn(login); next != null; next = endTurn(next)) {
            left.add(next);
        }
        return left;
    }

    /** A thread ends while it serves a login that another thread answers. */
    synchronized void leaveToOthers(Pending login) {
        leave(login);
    }

    /** A login has made no progress for long: it no longer counts for the limits. */
    synchronized void hangs(Pending login) {
        if (!login.own.isServed || login.own.hangs) {
            return;
        }
        login.own.hangs = true;
        busy--;
        Turn turn = turns.get(login.request.user());
        if (login.asking != Asking.ANYBODY || turn == null || login.shared.hangsInTurn) {
            return;
        }
        login.shared.hangsInTurn = true;
        turn.hanging++;
        if (!turn.waiting.isEmpty() && mayBegin(turn, login.isUrgent)) {
            turn.atWork++;
            turn.began = clock.getAsLong();
            addToLine(turn.waiting.poll());
        }
    }

    /** Another thread will try the same login. */
    synchronized void alsoBy(Pending login, Asking other) {
        if (login.own.isServed) {
            line.addFirst(login.by(other));
        }
    }

    /**
     * Removes waiting logins whose client has ended; the caller closes their files.
     *
     * @param hasEnded asked about logins that have no thread
     */
    synchronized List<Pending> forgetEnded(Predicate<Pending> hasEnded) {
        List<Pending> ended = new ArrayList<>();
        for (Turn turn : turns.values()) {
            take(turn.waiting.iterator(), hasEnded, ended);
        }
        List<Pending> ofLine = new ArrayList<>();
        take(line.iterator(), hasEnded, ofLine);
        for (Pending login : ofLine) {
            Pending next = endTurn(login);
            if (next != null) {
                addToLine(next);
            }
        }
        ended.addAll(ofLine);
        return ended;
    }

    private static void take(Iterator<Pending> from, Predicate<Pending> hasEnded, List<Pending> to) {
        while (from.hasNext()) {
            Pending login = from.next();
            if (login.asking == Asking.ANYBODY && hasEnded.test(login)) {
                from.remove();
                to.add(login);
            }
        }
    }
}
