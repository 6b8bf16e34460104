// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jns.folders.Sweep;
import org.jns.jnsd.login.Served;
import org.jns.jnsd.login.Workbench;
import org.jns.jnsd.views.ResidentViews;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.Room;
import org.jns.linux.SyscallException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that removes private folders when their time has come. It is started by the main thread, so it is in the host's mount
 * namespace and stays there. It works in small turns, behind everything else, and may be ended between any two system calls: what it has
 * begun is found again at the next start.
 */
public final class Cleaner {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);

    /** Everybody's folders are looked at so often; those of a user whose session ends at once. */
    private static final long EVERYBODY_MS = 10 * 60_000;
    /** What a session has left running is asked for again after so long, then after twice as long, and so on. */
    private static final long FIRST_AGAIN_MS = 1_000;
    private static final long LAST_AGAIN_MS = 60_000;
    /** A few milliseconds' work. */
    private static final int ENTRIES_A_TURN = 500;
    private static final long REST_MS = 5;
    /** Sessions end in crowds, and it takes their processes a moment to be gone. */
    private static final long TOGETHER_MS = 300;
    /**
     * Users choose the names, so there may be any number of complaints: this is how many are remembered, and how many lines are written between
     * two looks.
     */
    private static final int MOST_TOLD = 1_000;
    private static final int MOST_LINES = 100;
    private static final long STACK_BYTES = 512 * 1024;
    /** Ends the wait, and is nobody's uid. */
    private static final long NOBODY = -1;
    private static final long STOP_WITHIN_MS = 1_000;

    /** A session that a helper for one login has begun is known to the main thread after so long. */
    private static final long STRANGERS_MS = 60_000;
    /** A login that has been answered by now is known to the main thread. */
    private static final long SETTLED_S = 30;

    private final Workbench.Common common;
    private final ResidentViews views;
    private final Sessions sessions;
    private final Consumer<Served> found;
    private final Heartbeats.Beat beat;
    private final LinkedBlockingQueue<Long> ended = new LinkedBlockingQueue<>();
    private final Queue<Consumer<Outcome>> asked = new ConcurrentLinkedQueue<>();
    /** Of them, those whose look was begun. */
    private final List<Consumer<Outcome>> waiting = new ArrayList<>();
    /** What is gone since that began. */
    private final List<String> gone = new ArrayList<>();
    /** What could not be looked at, or found out. */
    private final Set<String> failed = new LinkedHashSet<>();
    private final Map<Long, Again> again = new HashMap<>();
    /** The oldest first. */
    private final Set<String> told = new LinkedHashSet<>();
    private int lines;
    private final Thread thread = new Thread(null, this::work, "cleaner", STACK_BYTES);
    private volatile boolean stopping;
    private volatile Optional<Room> room = Optional.empty();
    private long everybodyAt = System.nanoTime();
    private boolean more = true;
    private Sweep sweep;
    private IdleViews idleViews;
    private Recovery recovery;
    /** By then all that was young at the start has settled. */
    private long strangersAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLED_S + 1);

    /** When to look at a user's folders again, in {@link System#nanoTime}, and how long that waits. */
    private record Again(long at, long milliseconds) {}

    /**
     * What a look at everybody's came to, in words.
     *
     * @param gone what was removed
     * @param failed what could not be looked at, or found out
     */
    public record Outcome(List<String> gone, List<String> failed) {}

    /**
     * @param sessions asked on another thread for their users
     * @param found takes the sessions that others have begun
     */
    public Cleaner(Workbench.Common common, ResidentViews views, Sessions sessions, Consumer<Served> found, Heartbeats.Beat beat) {
        this.common = common;
        this.views = views;
        this.sessions = sessions;
        this.found = found;
        this.beat = beat;
        thread.setDaemon(true);
    }

    /** Called by the main thread. */
    public void start() {
        thread.start();
    }

    /** A session of that user's has ended. */
    public void ended(long uid) {
        ended.add(uid);
    }

    /**
     * Looks at everybody's now, instead of when it is time.
     *
     * @param done is told on the cleaner's thread what came of it
     */
    public void lookNow(Consumer<Outcome> done) {
        asked.add(done);
        ended.add(NOBODY);
    }

    /** What is left where private folders are, as it was at the last look. */
    public Optional<Room> room() {
        return room;
    }

    /** It ends between two system calls; should it hang in one, it is left behind. */
    public void stop() {
        stopping = true;
        thread.interrupt();
        try {
            thread.join(STOP_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where a unit forbids that, logins are a little slower while the cleaner works. */
    private static void goLast(LinuxSyscalls sys) {
        try {
            sys.goLast();
        } catch (SyscallException e) {
            LOG.warn("cannot give logins precedence over the removal of private folders: {}", e.getMessage());
        }
    }

    private void work() {
        beat.begin();
        LinuxSyscalls sys = new LinuxSyscalls(common.proc());
        goLast(sys);
        sys.leaveSharedFolders();
        sweep = new Sweep(sys, common.places().instances(), Cleaner::now, this::users, () -> stopping);
        idleViews = new IdleViews(sys, common, views);
        recovery = new Recovery(sys, common.records(), common.pins(), views);
        while (!stopping) {
            try {
                turn();
            } catch (InterruptedException e) {
                return;
            } catch (SyscallException e) {
                LOG.atWarn().addKeyValue("EVENT", "cannot-clean").log("cannot look after private folders: {}; they stay until the next look", e.getMessage());
                more = false;
            } catch (RuntimeException e) {
                LOG.error("internal error: private folders stay as they are until the next look", e);
                more = false;
            }
            tell();
        }
    }

    /** A time that lies far ahead is of a clock that was wrong. */
    public static boolean isSettled(long since) {
        return Math.abs(now() - since) >= SETTLED_S;
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    /** Of sessions, and of views: as long as one may be joined, nothing of what it shows is removed. */
    private Map<String, Long> users() {
        Map<String, Long> users = sessions.users();
        users.putAll(views.users());
        return users;
    }

    private void turn() throws InterruptedException {
        beat.rest();
        Long first = ended.poll(more ? REST_MS : untilNext(System.nanoTime()), TimeUnit.MILLISECONDS);
        beat.work();
        Set<Long> leaving = new HashSet<>();
        if (first != null) {
            Thread.sleep(TOGETHER_MS);
        }
        for (Long uid = first; uid != null; uid = ended.poll()) {
            leaving.add(uid);
        }
        boolean atOnce = leaving.remove(NOBODY);
        for (Consumer<Outcome> one = atOnce ? asked.poll() : null; one != null; one = asked.poll()) {
            waiting.add(one);
        }
        long now = System.nanoTime();
        if (atOnce || now - everybodyAt >= 0) {
            everybodyAt = now + TimeUnit.MILLISECONDS.toNanos(EVERYBODY_MS);
            more = true;
            if (lines > MOST_LINES) {
                LOG.atWarn().addKeyValue("EVENT", "not-removed").log("{} more things could not be removed; jnsctl gc names them", lines - MOST_LINES);
            }
            lines = 0;
            sweep.tidy();
            Set<Long> users = new HashSet<>(sweep.users());
            users.addAll(views.users().values());
            look(new ArrayList<>(users), leaving);
        } else {
            lookAtSome(leaving, now);
        }
        if (now - strangersAt >= 0) {
            strangersAt = now + TimeUnit.MILLISECONDS.toNanos(STRANGERS_MS);
            recovery.adopt(sessions::isOpen, Cleaner::isSettled).forEach(session -> found.accept(new Served.Adopted(session)));
            recovery.forgetMarks(Cleaner::isSettled);
        }
        if (more) {
            more = sweep.remove(ENTRIES_A_TURN);
            if (!more) {
                complain(sweep.complaints());
            }
        }
        room = Optional.of(sweep.room());
    }

    private void tell() {
        Outcome outcome = new Outcome(List.copyOf(gone), List.copyOf(failed));
        waiting.forEach(one -> one.accept(outcome));
        waiting.clear();
        gone.clear();
        failed.clear();
    }

    private long untilNext(long now) {
        long until = everybodyAt - strangersAt < 0 ? everybodyAt : strangersAt;
        for (Again user : again.values()) {
            until = user.at() - until < 0 ? user.at() : until;
        }
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(until - now) + 1);
    }

    private void lookAtSome(Set<Long> leaving, long now) {
        Set<Long> users = new HashSet<>(leaving);
        again.forEach((uid, when) -> {
            if (now - when.at() >= 0) {
                users.add(uid);
            }
        });
        if (!users.isEmpty()) {
            look(new ArrayList<>(users), leaving);
        }
    }

    private void look(List<Long> users, Set<Long> leaving) {
        leaving.forEach(again::remove);
        // Before the look, so that one that fails is followed by another.
        users.forEach(this::lookAgain);
        // In this order: what a view shows that is not needed any more is not in use either.
        IdleViews.Result inViews = idleViews.look(users);
        gone.addAll(inViews.gone());
        complain(inViews.doubts());
        Sweep.Result result = sweep.look(users, leaving, views.ofOthers(Set.copyOf(users)));
        users.stream().filter(uid -> !result.again().contains(uid) && !inViews.stay().contains(uid)).forEach(again::remove);
        for (String what : result.ended()) {
            gone.add("private folder of " + what);
            LOG.atInfo().addKeyValue("EVENT", "removed").log("removed private folder of {}", what);
        }
        more |= !result.ended().isEmpty();
        complain(result.failed());
    }

    private void lookAgain(long uid) {
        Again before = again.get(uid);
        long milliseconds = before == null ? FIRST_AGAIN_MS : Math.min(2 * before.milliseconds(), LAST_AGAIN_MS);
        again.put(uid, new Again(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds), milliseconds));
    }

    /** Once for each thing, however often it is tried. */
    private void complain(List<String> complaints) {
        failed.addAll(complaints);
        for (String complaint : complaints) {
            if (!told.add(complaint)) {
                continue;
            }
            if (told.size() > MOST_TOLD) {
                told.remove(told.iterator().next());
            }
            lines++;
            if (lines <= MOST_LINES) {
                LOG.atWarn().addKeyValue("EVENT", "not-removed").log("{}; it is tried again", complaint);
            }
        }
    }
}
