// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon.login;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jns.apply.SpareView;
import org.jns.config.Policy;
import org.jns.sys.Bell;
import org.jns.sys.Fd;
import org.jns.sys.Poller;
import org.jns.sys.SyscallException;

/**
 * The threads that wait for logins. So many wait at any time, whatever the others are stuck in; only the main thread starts them, for a
 * thread is born in the mount namespace of the one that starts it.
 */
public final class Waiting {
    private static final long CONNECTION = 0;
    private static final long STOP = 1;
    private static final long MOUNTS = 2;
    private static final int FOREVER = -1;
    /** Mounts come in crowds. */
    private static final int SETTLED_MS = 200;
    /** A login may hang in a dead file system; more than so many hanging ones are a siege. */
    private static final int MOST_AT_WORK = 256;
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
    private final Poller rest = new Poller();
    private final Deque<Place> free = new ArrayDeque<>();
    private final AtomicInteger idle = new AtomicInteger();
    private final Queue<Served> finished = new ConcurrentLinkedQueue<>();
    private final Queue<Place> ended = new ConcurrentLinkedQueue<>();
    private int alive;
    private volatile boolean stopping;

    /** A thread's tools, used again by the next one. */
    private record Place(Workbench bench, Poller poller, Fd mountTable) {}

    /**
     * @param mainBell rung when a thread has stopped waiting or has ended
     */
    public Waiting(int wanted, Workbench.Common common, Fd listening, Bell mainBell, Supplier<Policy> policy) {
        this.wanted = wanted;
        this.common = common;
        this.listening = listening;
        this.mainBell = mainBell;
        this.policy = policy;
        rest.watch(shortage.counter(), STOP);
    }

    /** Called by the main thread: starts as many as are missing. */
    public void fill() {
        while (!stopping && idle.get() < wanted && alive < MOST_AT_WORK) {
            Place place = free.isEmpty() ? newPlace() : free.pop();
            // From its start on: else the next turn would start another.
            idle.incrementAndGet();
            alive++;
            new Thread(null, () -> work(place), "login", STACK_BYTES).start();
        }
    }

    private Place newPlace() {
        Workbench bench = new Workbench(common);
        Poller poller = new Poller();
        Fd mountTable = bench.sys.mountTable();
        poller.watchAlone(listening, CONNECTION);
        poller.watch(stopBell.counter(), STOP);
        poller.watchChanges(mountTable, MOUNTS);
        return new Place(bench, poller, mountTable);
    }

    private void work(Place place) {
        try {
            AtomicBoolean counted = new AtomicBoolean(true);
            new LoginThread(place.bench(), common.hostNamespace(), spare -> next(place, spare, counted), policy, turns, this::handIn).run();
        } finally {
            ended.add(place);
            mainBell.ring();
        }
    }

    /**
     * The thread's next connection; empty if it is not needed any more.
     *
     * @param counted whether the thread is counted as idle already, which it is when it is started
     */
    private Optional<Fd> next(Place place, SpareView spare, AtomicBoolean counted) {
        prepare(spare);
        int waiting = counted.getAndSet(false) ? idle.get() : idle.incrementAndGet();
        if (waiting > wanted || stopping) {
            idle.decrementAndGet();
            return Optional.empty();
        }
        try {
            return await(place, spare);
        } finally {
            // The last one that waited wakes the main thread before it serves; the others let it sleep until they are done.
            if (idle.decrementAndGet() == 0) {
                mainBell.ring();
                shortage.ring();
            }
        }
    }

    /** When the host's mounts change, the spare view is made anew a little later: it would keep busy what the host has unmounted. */
    private Optional<Fd> await(Place place, SpareView spare) {
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
                    return connection;
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

    /** Called by the main thread: so long, or until a thread is missing. */
    public void restUnlessShort(int milliseconds) {
        if (idle.get() > 0) {
            rest.await(milliseconds);
        }
        shortage.silence();
    }

    /** Called by the main thread: what was served since the last call. */
    public List<Served> collect() {
        for (Place place = ended.poll(); place != null; place = ended.poll()) {
            alive--;
            recycle(place);
        }
        List<Served> all = new ArrayList<>();
        for (Served one = finished.poll(); one != null; one = finished.poll()) {
            all.add(one);
        }
        return all;
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
        return alive;
    }
}
