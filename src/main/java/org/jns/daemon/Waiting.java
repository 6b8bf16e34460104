// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jns.config.Places;
import org.jns.config.Policy;
import org.jns.sys.Bell;
import org.jns.sys.Fd;
import org.jns.sys.Poller;

/**
 * The threads that wait for logins. So many wait at any time, whatever the others are stuck in; only the main thread starts them, for a
 * thread is born in the mount namespace of the one that starts it.
 */
final class Waiting {
    private static final long CONNECTION = 0;
    private static final long STOP = 1;
    /** A login may hang in a dead file system; more than so many hanging ones are a siege. */
    private static final int MOST_AT_WORK = 256;
    /** System calls, small frames, no recursion. */
    private static final long STACK_BYTES = 256 * 1024;

    private final int wanted;
    private final Fd proc;
    private final Fd hostNamespace;
    private final Places places;
    private final Fd listening;
    private final Bell mainBell;
    private final Supplier<Policy> policy;
    private final Bell stopBell = new Bell();
    private final Deque<Place> free = new ArrayDeque<>();
    private final AtomicInteger idle = new AtomicInteger();
    private final Queue<Finished> finished = new ConcurrentLinkedQueue<>();
    private int alive;
    private boolean stopping;

    /** A thread's tools, used again by the next one. */
    private record Place(Workbench bench, Poller poller) {}

    private record Finished(Place place, Served served) {}

    /**
     * @param mainBell rung when a thread has stopped waiting or has ended
     */
    Waiting(int wanted, Fd proc, Fd hostNamespace, Places places, Fd listening, Bell mainBell, Supplier<Policy> policy) {
        this.wanted = wanted;
        this.proc = proc;
        this.hostNamespace = hostNamespace;
        this.places = places;
        this.listening = listening;
        this.mainBell = mainBell;
        this.policy = policy;
    }

    /** Called by the main thread: starts as many as are missing. */
    void fill() {
        while (!stopping && idle.get() < wanted && alive < MOST_AT_WORK) {
            Place place = free.isEmpty() ? new Place(new Workbench(proc, places), poller()) : free.pop();
            LoginThread login = new LoginThread(
                    place.bench(), hostNamespace, () -> await(place), policy, this::taken, served -> finish(place, served));
            idle.incrementAndGet();
            alive++;
            new Thread(null, login, "login", STACK_BYTES).start();
        }
    }

    private Poller poller() {
        Poller poller = new Poller();
        poller.watchAlone(listening, CONNECTION);
        poller.watch(stopBell.counter(), STOP);
        return poller;
    }

    private Optional<Fd> await(Place place) {
        while (true) {
            if (place.poller().await(-1).contains(STOP)) {
                return Optional.empty();
            }
            Optional<Fd> connection = place.bench().sockets.accept(listening);
            if (connection.isPresent()) {
                return connection;
            }
        }
    }

    /** The last one that waited wakes the main thread before it serves; the others let it sleep until they are done. */
    private void taken() {
        if (idle.decrementAndGet() == 0) {
            mainBell.ring();
        }
    }

    private void finish(Place place, Served served) {
        finished.add(new Finished(place, served));
        mainBell.ring();
    }

    /** Called by the main thread: what ended since the last call. */
    List<Served> collect() {
        List<Served> all = new ArrayList<>();
        for (Finished one = finished.poll(); one != null; one = finished.poll()) {
            alive--;
            recycle(one.place());
            all.add(one.served());
        }
        return all;
    }

    /** A crowd of logins leaves no more behind than will be needed at once. */
    private void recycle(Place place) {
        if (free.size() < wanted) {
            free.push(place);
        } else {
            place.poller().close();
        }
    }

    /** Those that wait end; those that serve go on. Never undone. */
    void stop() {
        stopping = true;
        stopBell.ring();
    }

    int alive() {
        return alive;
    }
}
