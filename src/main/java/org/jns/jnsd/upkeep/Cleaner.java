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
 * The thread that removes views when nobody uses them ({@link IdleViews}), and private folders when they expire ({@link
 * org.jns.folders.Sweep}). The main thread starts it, so it is in the host's mount
 * namespace and stays there. It works in small turns, at low priority, and may be ended between any two system calls:
 * the next start finds unfinished work.
 */
public final class Cleaner {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);

    /**
     * Interval of the looks at all users' views and folders; those of a user whose session ends are looked at soon
     * after.
     */
    private static final long EVERYBODY_MS = 10 * 60_000;
    /** First delay before the cleaner checks again what a session has left running; it doubles each time. */
    private static final long FIRST_AGAIN_MS = 1_000;

    private static final long LAST_AGAIN_MS = 60_000;
    /** A few milliseconds of work. */
    private static final int ENTRIES_A_TURN = 500;

    private static final long REST_MS = 5;
    /** Many sessions may end at once, and it takes their processes a moment to end. */
    private static final long ENDS_TOGETHER_MS = 300;
    /**
     * Users choose the names, so there may be any number of complaints: this limits how many are remembered, and how
     * many lines are written between two looks.
     */
    private static final int MOST_TOLD = 1_000;

    private static final int MOST_LINES = 100;
    private static final long STACK_BYTES = 512 * 1024;
    /** Ends the wait, and is the uid of no user. */
    private static final long NOBODY = -1;

    private static final long STOP_WITHIN_MS = 1_000;

    /** The main thread learns of a session that a daemon for one login has begun within this time. */
    private static final long STRANGERS_MS = 60_000;
    /** The main thread knows of every login that was answered longer ago than this. */
    private static final long SETTLED_S = 30;

    private final Workbench.Common common;
    private final ResidentViews views;
    private final Sessions sessions;
    private final Consumer<Served> found;
    private final Heartbeats.Beat beat;
    private final LinkedBlockingQueue<Long> ended = new LinkedBlockingQueue<>();
    private final Queue<Consumer<Removed>> asked = new ConcurrentLinkedQueue<>();
    /** Those of them whose look has begun. */
    private final List<Consumer<Removed>> waiting = new ArrayList<>();
    /** Removed since that look began. */
    private final List<String> gone = new ArrayList<>();
    /** Folders that could not be looked at, and questions without an answer. */
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

    @SuppressWarnings("NullAway.Init") // the thread begins with this
    private Sweep sweep;

    @SuppressWarnings("NullAway.Init") // as above
    private IdleViews idleViews;

    @SuppressWarnings("NullAway.Init") // as above
    private Recovery recovery;
    /** After this time, everything that was recent at the start has settled. */
    private long strangersAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLED_S + 1);

    /** When to look at a user's views and folders again, in {@link System#nanoTime}, and the current delay. */
    private record Again(long at, long milliseconds) {}

    /**
     * The result of a look at all users' folders, in words.
     *
     * @param gone what was removed
     * @param failed what could not be looked at, or found out
     */
    public record Removed(List<String> gone, List<String> failed) {}

    /**
     * @param sessions asked on another thread for their users
     * @param found takes the sessions that other processes have begun
     */
    public Cleaner(
            Workbench.Common common,
            ResidentViews views,
            Sessions sessions,
            Consumer<Served> found,
            Heartbeats.Beat beat) {
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

    /** Something of that user may have ended, such as a session: looks at the user's views and folders soon. */
    public void ended(long uid) {
        ended.add(uid);
    }

    /**
     * Looks at all users' folders now, instead of at the next interval.
     *
     * @param done gets what was removed, on the cleaner's thread
     */
    public void lookNow(Consumer<Removed> done) {
        asked.add(done);
        ended.add(NOBODY);
    }

    /** The free room in the file system of the private folders, at the last look. */
    public Optional<Room> room() {
        return room;
    }

    /** Ends the thread between two system calls; if one hangs, the thread is abandoned. */
    public void stop() {
        stopping = true;
        thread.interrupt();
        try {
            thread.join(STOP_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lowers the priority. If a unit forbids that, logins are a little slower while the cleaner works. */
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
                LOG.atWarn()
                        .addKeyValue("EVENT", "cannot-clean")
                        .log("cannot look after private folders: {}; they stay until the next look", e.getMessage());
                more = false;
            } catch (RuntimeException e) {
                LOG.error("internal error: private folders stay as they are until the next look", e);
                more = false;
            }
            tell();
        }
    }

    /** Ignores a time far in the future: it comes from a clock that was wrong. */
    public static boolean isSettled(long since) {
        return Math.abs(now() - since) >= SETTLED_S;
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    /** The users of sessions and of views: as long as a view may be joined, nothing that it shows is removed. */
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
            Thread.sleep(ENDS_TOGETHER_MS);
        }
        for (Long uid = first; uid != null; uid = ended.poll()) {
            leaving.add(uid);
        }
        boolean atOnce = leaving.remove(NOBODY);
        for (Consumer<Removed> one = atOnce ? asked.poll() : null; one != null; one = asked.poll()) {
            waiting.add(one);
        }
        long now = System.nanoTime();
        if (atOnce || now - everybodyAt >= 0) {
            everybodyAt = now + TimeUnit.MILLISECONDS.toNanos(EVERYBODY_MS);
            more = true;
            if (lines > MOST_LINES) {
                LOG.atWarn()
                        .addKeyValue("EVENT", "not-removed")
                        .log("{} more things could not be removed; jnsctl gc names them", lines - MOST_LINES);
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
            recovery.adopt(sessions::isOpen, Cleaner::isSettled)
                    .forEach(session -> found.accept(new Served.Adopted(session)));
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
        Removed removed = new Removed(List.copyOf(gone), List.copyOf(failed));
        waiting.forEach(one -> one.accept(removed));
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
        // Set before the look, so that a failed one is followed by another.
        users.forEach(this::lookAgain);
        // The order matters: what an unused view shows is then unused too.
        IdleViews.Result inViews = idleViews.look(users);
        gone.addAll(inViews.gone());
        complain(inViews.doubts());
        Sweep.Result result = sweep.look(users, leaving, views.ofOthers(Set.copyOf(users)));
        users.stream()
                .filter(uid -> !result.again().contains(uid) && !inViews.stay().contains(uid))
                .forEach(again::remove);
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

    /** Logs each subject once, however often it is tried. */
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
