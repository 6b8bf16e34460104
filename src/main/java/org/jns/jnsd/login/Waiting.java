// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jns.config.Policy;
import org.jns.linux.Alarm;
import org.jns.linux.Bell;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.Poller;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.linux.Threads;
import org.jns.view.SpareView;

/**
 * The threads that wait for logins. So many wait at any time, whatever the others are stuck in. A thread of its own starts them and watches
 * them: it stays in the host's mount namespace, in which a thread is born that it starts, and it does nothing that may hang.
 */
public final class Waiting {
    private static final long CONNECTION = 0;
    private static final long STOP = 1;
    private static final long MOUNTS = 2;
    private static final long LINE = 3;
    private static final long SHORTAGE = 0;
    private static final long ALARM = 1;
    private static final int FOREVER = -1;
    /** Mounts come in crowds. */
    private static final int SETTLED_MS = 200;
    /** Of these at most 256 hang in file systems and few in the user database, and 64 are served: some are left for everybody else. */
    private static final int MOST_THREADS = 512;
    /** System calls, small frames, no recursion. */
    private static final long STACK_BYTES = 256 * 1024;

    private final int wanted;
    private final Workbench.Common common;
    private final Fd listening;
    private final Bell mainBell;
    private final Supplier<Policy> policy;
    private final Turns turns = new Turns(System::nanoTime);
    private final Bell stopBell = new Bell();
    private final Bell shortage = new Bell();
    private final Bell lineBell = new Bell();
    private final Alarm alarm = new Alarm(Watch.LOOK_MS);
    private final AtomicBoolean alarmIsSet = new AtomicBoolean();
    private final Poller rest = new Poller();
    private final Sockets sockets = new Sockets();
    private final Deque<Place> free = new ArrayDeque<>();
    private final Set<Place> used = Collections.newSetFromMap(new IdentityHashMap<>());
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger alive = new AtomicInteger();
    private final Queue<Served> finished = new ConcurrentLinkedQueue<>();
    private final Queue<Place> ended = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    /** A thread's tools, used again by the next one. */
    private record Place(Workbench bench, Poller poller, Fd mountTable) {}

    /**
     * @param mainBell rung when there is something for the main thread to do
     */
    public Waiting(int wanted, Workbench.Common common, Fd listening, Bell mainBell, Supplier<Policy> policy) {
        this.wanted = wanted;
        this.common = common;
        this.listening = listening;
        this.mainBell = mainBell;
        this.policy = policy;
    }

    /** What the thread that watches tells of itself. */
    public interface Beat {
        void begin();

        /** It has something to do. */
        void work();

        /** It has nothing to do. */
        void rest();
    }

    /** Called by the main thread, once: logins are served from now on. */
    public void start(Beat beat) {
        fill();
        Thread thread = new Thread(null, () -> supervise(beat), "watch", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private void supervise(Beat beat) {
        beat.begin();
        Watch watch = new Watch(new LinuxSyscalls(common.proc()), common.hanging(), turns, this::handIn);
        Poller poller = new Poller();
        poller.watch(shortage.counter(), SHORTAGE);
        poller.watch(alarm.timer(), ALARM);
        while (true) {
            beat.rest();
            List<Long> ready = poller.await(FOREVER);
            beat.work();
            shortage.silence();
            if (ready.contains(ALARM)) {
                alarm.silence();
                alarmIsSet.set(false);
                look(watch);
            }
            takeBack();
            try {
                fill();
            } catch (SyscallException e) {
                // No descriptors are left. Logins that end give some back.
                wakeLater();
            }
        }
    }

    private void look(Watch watch) {
        List<Workbench> benches = new ArrayList<>();
        for (Place place : used) {
            benches.add(place.bench());
        }
        boolean busy = watch.look(benches);
        for (Turns.Pending left : turns.forgetEnded(login -> sockets.hasEnded(login.connection()))) {
            left.closePassword();
            left.connection().close();
            handIn(new Served.Dropped("connection dropped: pid " + left.leader() + " did not wait for its answer"));
        }
        if (turns.isSomebodyInLine()) {
            lineBell.ring();
        }
        if (busy) {
            wakeLater();
        }
    }

    /** A login begins: if it does not end soon, somebody is to look. */
    private void wakeLater() {
        if (!alarmIsSet.get() && alarmIsSet.compareAndSet(false, true)) {
            alarm.set();
        }
    }

    /** Starts as many as are missing. */
    private void fill() {
        while (!stopping && idle.get() < wanted && alive.get() < MOST_THREADS) {
            Place place = free.isEmpty() ? newPlace() : free.pop();
            used.add(place);
            // From its start on: else the next turn would start another.
            idle.incrementAndGet();
            alive.incrementAndGet();
            if (!Threads.start(new Thread(null, () -> work(place), "login", STACK_BYTES))) {
                // Those that there are serve; with them, or with the programs that count for the unit's tasks, some room comes back.
                idle.decrementAndGet();
                alive.decrementAndGet();
                used.remove(place);
                free.push(place);
                wakeLater();
                return;
            }
        }
    }

    private Place newPlace() {
        Workbench bench = new Workbench(common);
        Poller poller = new Poller();
        Fd mountTable = bench.sys.mountTable();
        poller.watchAlone(listening, CONNECTION);
        poller.watch(stopBell.counter(), STOP);
        poller.watchAlone(lineBell.counter(), LINE);
        poller.watchChanges(mountTable, MOUNTS);
        return new Place(bench, poller, mountTable);
    }

    private void work(Place place) {
        try {
            AtomicBoolean counted = new AtomicBoolean(true);
            new LoginThread(place.bench(), common.hostNamespace(), spare -> next(place, spare, counted), policy, turns, this::handIn).run();
        } finally {
            alive.decrementAndGet();
            ended.add(place);
            shortage.ring();
            mainBell.ring();
        }
    }

    /**
     * What the thread does next; empty if it is not needed any more.
     *
     * @param counted whether the thread is counted as idle already, which it is when it is started
     */
    private Optional<Arrival> next(Place place, SpareView spare, AtomicBoolean counted) {
        prepare(spare);
        int waiting = counted.getAndSet(false) ? idle.get() : idle.incrementAndGet();
        if (waiting > wanted || stopping) {
            idle.decrementAndGet();
            return Optional.empty();
        }
        try {
            Optional<Arrival> arrival = await(place, spare);
            wakeLater();
            return arrival;
        } finally {
            // Before it serves.
            if (idle.decrementAndGet() == 0) {
                shortage.ring();
            }
        }
    }

    /** When the host's mounts change, the spare view is made anew a little later: it would keep busy what the host has unmounted. */
    private Optional<Arrival> await(Place place, SpareView spare) {
        boolean stale = false;
        while (true) {
            List<Long> ready = place.poller().await(stale ? SETTLED_MS : FOREVER);
            if (ready.contains(STOP)) {
                return Optional.empty();
            }
            if (ready.contains(MOUNTS)) {
                stale = true;
                spare.spoil();
            }
            if (ready.contains(CONNECTION)) {
                Optional<Fd> connection = place.bench().sockets.accept(listening);
                if (connection.isPresent()) {
                    return Optional.of(Arrival.of(connection.get()));
                }
            }
            if (ready.contains(LINE)) {
                lineBell.silence();
                Optional<Turns.Pending> waited = turns.fromLine();
                if (waited.isPresent()) {
                    // The bell rang for all, and woke one.
                    if (turns.isSomebodyInLine()) {
                        lineBell.ring();
                    }
                    return Optional.of(Arrival.of(waited.get()));
                }
            }
            if (ready.isEmpty()) {
                stale = false;
                prepare(spare);
            }
        }
    }

    /** If there is no room for a namespace now, the login says so: it may be another time by then. */
    private static void prepare(SpareView spare) {
        try {
            spare.refresh();
        } catch (SyscallException e) {
            return;
        }
    }

    /** Called by any thread: there is something for the main thread to do. */
    public void handIn(Served served) {
        finished.add(served);
        mainBell.ring();
    }

    /** Called by the main thread: so long. */
    public void rest(int milliseconds) {
        rest.await(milliseconds);
    }

    /** Called by the main thread: what was served since the last call. */
    public List<Served> collect() {
        List<Served> all = new ArrayList<>();
        for (Served one = finished.poll(); one != null; one = finished.poll()) {
            all.add(one);
        }
        return all;
    }

    private void takeBack() {
        for (Place place = ended.poll(); place != null; place = ended.poll()) {
            used.remove(place);
            recycle(place);
        }
    }

    /** A crowd of logins leaves no more behind than will be needed at once. */
    private void recycle(Place place) {
        if (free.size() < wanted) {
            free.push(place);
        } else {
            place.poller().close();
            place.mountTable().close();
        }
    }

    /** Those that wait end; those that serve go on. Never undone. */
    public void stop() {
        stopping = true;
        stopBell.ring();
    }

    public int alive() {
        return alive.get();
    }
}
