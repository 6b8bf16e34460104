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
import org.jns.jnsd.login.LoginThread.Arrival;
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
 * The threads that serve logins. A fixed number waits at any time, even if others hang; {@link #work} is the life of
 * one. One more thread starts and watches them. It stays in the host's mount namespace, because new threads inherit its
 * namespace, and it does nothing that may hang.
 */
public final class LoginThreads {
    private static final long CONNECTION = 0;
    private static final long STOP = 1;
    private static final long MOUNTS = 2;
    private static final long LINE = 3;
    private static final long SHORTAGE = 0;
    private static final long ALARM = 1;
    private static final int FOREVER = -1;
    /** Mounts change in bursts. */
    private static final int SETTLED_MS = 200;
    /** At most 256 of these hang in file systems, a few in the user database, and 64 are served: the rest is for others. */
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
    private final Deque<Tools> free = new ArrayDeque<>();
    private final Set<Tools> used = Collections.newSetFromMap(new IdentityHashMap<>());
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger alive = new AtomicInteger();
    private final Queue<Served> finished = new ConcurrentLinkedQueue<>();
    private final Queue<Tools> ended = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    /** What one thread has; a new thread gets that of one that has ended. */
    private record Tools(Workbench bench, Poller poller, Fd mountTable) {}

    /**
     * @param mainBell wakes the main thread
     */
    public LoginThreads(int wanted, Workbench.Common common, Fd listening, Bell mainBell, Supplier<Policy> policy) {
        this.wanted = wanted;
        this.common = common;
        this.listening = listening;
        this.mainBell = mainBell;
        this.policy = policy;
    }

    /** The state of the watching thread. */
    public interface Beat {
        void begin();

        /** It is busy. */
        void work();

        /** It is idle. */
        void rest();
    }

    /** Starts serving logins. Called once, by the main thread. */
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
                // No descriptors are left. Ending logins free some.
                wakeLater();
            }
        }
    }

    private void look(Watch watch) {
        List<Workbench> benches = new ArrayList<>();
        for (Tools tools : used) {
            benches.add(tools.bench());
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

    /** A login begins: the watching thread must look at it if it does not end soon. */
    private void wakeLater() {
        if (!alarmIsSet.get() && alarmIsSet.compareAndSet(false, true)) {
            alarm.set();
        }
    }

    /** Starts the missing threads. */
    private void fill() {
        while (!stopping && idle.get() < wanted && alive.get() < MOST_THREADS) {
            Tools tools = free.isEmpty() ? newTools() : free.pop();
            used.add(tools);
            // Counted before it runs, or the next pass would start another.
            idle.incrementAndGet();
            alive.incrementAndGet();
            if (!Threads.start(new Thread(null, () -> work(tools), "login", STACK_BYTES))) {
                // The existing threads go on. Room returns when they, or other tasks of the unit, end.
                idle.decrementAndGet();
                alive.decrementAndGet();
                used.remove(tools);
                free.push(tools);
                wakeLater();
                return;
            }
        }
    }

    private Tools newTools() {
        Workbench bench = new Workbench(common);
        Poller poller = new Poller();
        Fd mountTable = bench.sys.mountTable();
        poller.watchAlone(listening, CONNECTION);
        poller.watch(stopBell.counter(), STOP);
        poller.watchAlone(lineBell.counter(), LINE);
        poller.watchChanges(mountTable, MOUNTS);
        return new Tools(bench, poller, mountTable);
    }

    /** The life of a login thread: it waits, serves, and waits again, until it is no longer needed. */
    private void work(Tools tools) {
        try (LoginThread thread = new LoginThread(tools.bench(), policy, turns, this::handIn)) {
            // A new thread counts as idle already.
            prepare(thread.spare);
            Optional<Arrival> arrival = nextArrival(tools, thread.spare, idle.get());
            while (arrival.isPresent()) {
                thread.serve(arrival.get());
                prepare(thread.spare);
                arrival = nextArrival(tools, thread.spare, idle.incrementAndGet());
            }
        } catch (RuntimeException e) {
            handIn(LoginThread.ended(e));
        } finally {
            alive.decrementAndGet();
            ended.add(tools);
            shortage.ring();
            mainBell.ring();
        }
    }

    /**
     * Waits for the next login; empty if the thread is no longer needed.
     *
     * @param waiting how many threads are idle, with this one
     */
    private Optional<Arrival> nextArrival(Tools tools, SpareView spare, int waiting) {
        if (waiting > wanted || stopping) {
            idle.decrementAndGet();
            return Optional.empty();
        }
        try {
            Optional<Arrival> arrival = await(tools, spare);
            wakeLater();
            return arrival;
        } finally {
            // Before it serves.
            if (idle.decrementAndGet() == 0) {
                shortage.ring();
            }
        }
    }

    /** Renews the spare namespace soon after the host's mounts change, because it would keep unmounted file systems busy. */
    private Optional<Arrival> await(Tools tools, SpareView spare) {
        boolean stale = false;
        while (true) {
            List<Long> ready = tools.poller().await(stale ? SETTLED_MS : FOREVER);
            if (ready.contains(STOP)) {
                return Optional.empty();
            }
            if (ready.contains(MOUNTS)) {
                stale = true;
                spare.markStale();
            }
            if (ready.contains(CONNECTION)) {
                // Empty if one event woke several threads, and another took the connection.
                Optional<Fd> connection = tools.bench().sockets.accept(listening);
                if (connection.isPresent()) {
                    return Optional.of(new Arrival(connection, Optional.empty()));
                }
            }
            if (ready.contains(LINE)) {
                lineBell.silence();
                Optional<Turns.Pending> waited = turns.fromLine();
                if (waited.isPresent()) {
                    if (turns.isSomebodyInLine()) {
                        lineBell.ring();
                    }
                    return Optional.of(new Arrival(Optional.empty(), waited));
                }
            }
            if (ready.isEmpty()) {
                stale = false;
                prepare(spare);
            }
        }
    }

    /** Ignores a failure: the login tries again, and reports it. */
    private static void prepare(SpareView spare) {
        try {
            spare.refresh();
        } catch (SyscallException e) {
            return;
        }
    }

    /** Wakes the main thread. Called by any thread. */
    public void handIn(Served served) {
        finished.add(served);
        mainBell.ring();
    }

    /** Called by the main thread. */
    public void rest(int milliseconds) {
        rest.await(milliseconds);
    }

    /** What was served since the last call. Called by the main thread. */
    public List<Served> collect() {
        List<Served> all = new ArrayList<>();
        for (Served one = finished.poll(); one != null; one = finished.poll()) {
            all.add(one);
        }
        return all;
    }

    private void takeBack() {
        for (Tools tools = ended.poll(); tools != null; tools = ended.poll()) {
            used.remove(tools);
            recycle(tools);
        }
    }

    /** Keeps no more workbenches after a burst of logins than are soon needed. */
    private void recycle(Tools tools) {
        if (free.size() < wanted) {
            free.push(tools);
        } else {
            tools.poller().close();
            tools.mountTable().close();
        }
    }

    /** Waiting threads end; serving threads go on. Cannot be undone. */
    public void stop() {
        stopping = true;
        stopBell.ring();
    }

    public int alive() {
        return alive.get();
    }
}
