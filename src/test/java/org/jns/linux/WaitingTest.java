// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pollers and bells. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitingTest {
    private final Sockets sockets = new Sockets();

    @TempDir
    Path temp;

    @Test
    void tokensAreOfWhatIsReady() {
        Sockets.Pair pair = sockets.pair();
        try (Poller poller = new Poller();
                Fd one = pair.one();
                Fd other = pair.other()) {
            poller.watch(one, Long.MIN_VALUE + 7);
            poller.watch(other, Long.MAX_VALUE);
            assertEquals(List.of(), poller.await(0));
            sockets.send(one, new byte[] {1}, Optional.empty());
            assertEquals(List.of(Long.MAX_VALUE), poller.await(-1));
            sockets.send(other, new byte[] {1}, Optional.empty());
            assertEquals(Set.of(Long.MIN_VALUE + 7, Long.MAX_VALUE), Set.copyOf(poller.await(-1)));
        }
    }

    @Test
    void endOfAConnectionWakes() {
        Sockets.Pair pair = sockets.pair();
        try (Poller poller = new Poller();
                Fd one = pair.one()) {
            poller.watch(one, 3);
            pair.other().close();
            assertEquals(List.of(3L), poller.await(-1));
        }
    }

    @Test
    void timeRunsOut() {
        try (Poller poller = new Poller()) {
            long before = System.nanoTime();
            assertEquals(List.of(), poller.await(30));
            assertTrue(System.nanoTime() - before >= 30_000_000, "did not wait");
        }
    }

    @Test
    void manyAreReadyAtOnce() {
        try (Poller poller = new Poller()) {
            List<Bell> bells =
                    java.util.stream.Stream.generate(Bell::new).limit(100).toList();
            for (int i = 0; i < bells.size(); i++) {
                poller.watch(bells.get(i).counter(), i);
                bells.get(i).ring();
            }
            Set<Long> seen = new java.util.TreeSet<>();
            for (int i = 0; i < 10 && seen.size() < 100; i++) {
                seen.addAll(poller.await(0));
            }
            assertEquals(100, seen.size());
            bells.forEach(Bell::close);
        }
    }

    @Test
    void bellRingsUntilItIsSilenced() {
        try (Bell bell = new Bell();
                Poller poller = new Poller()) {
            poller.watch(bell.counter(), 1);
            assertEquals(List.of(), poller.await(0));
            bell.silence();
            bell.ring();
            bell.ring();
            assertEquals(List.of(1L), poller.await(0));
            assertEquals(List.of(1L), poller.await(0));
            bell.silence();
            assertEquals(List.of(), poller.await(0));
        }
    }

    @Test
    void anyThreadMayRing() throws InterruptedException {
        try (Bell bell = new Bell();
                Poller poller = new Poller()) {
            poller.watch(bell.counter(), 1);
            for (int i = 0; i < 50; i++) {
                Thread ringer = new Thread(bell::ring);
                ringer.start();
                assertEquals(List.of(1L), poller.await(-1));
                bell.silence();
                ringer.join();
            }
        }
    }

    /** Of several pollers that wait for one connection, one gets it, and the bell wakes them all. */
    @Test
    void oneOfSeveralGetsTheConnection() throws InterruptedException {
        try (Fd listening = sockets.listen(temp.resolve("s").toString());
                Bell stop = new Bell()) {
            AtomicInteger accepted = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            List<Thread> threads = java.util.stream.Stream.generate(() -> new Thread(() -> {
                        try (Poller poller = new Poller()) {
                            Sockets own = new Sockets();
                            poller.watchAlone(listening, 0);
                            poller.watch(stop.counter(), 1);
                            while (!poller.await(-1).contains(1L)) {
                                own.accept(listening).ifPresent(connection -> {
                                    accepted.incrementAndGet();
                                    connection.close();
                                });
                            }
                            ended.incrementAndGet();
                        }
                    }))
                    .limit(4)
                    .toList();
            threads.forEach(Thread::start);
            for (int i = 0; i < 20; i++) {
                try (Fd connection = sockets.connect(temp.resolve("s").toString())) {
                    assertTrue(sockets.receive(connection, 1, 10_000).isEmpty());
                }
            }
            stop.ring();
            for (Thread thread : threads) {
                thread.join(10_000);
            }
            assertEquals(20, accepted.get());
            assertEquals(4, ended.get());
        }
    }
}
