// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jns.jnsd.LastResort;
import org.jns.jnsd.Watchdog;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
    private long now = -5;
    private final Heartbeats heartbeats = new Heartbeats(() -> now);
    private int words;
    private final Watchdog watchdog = new Watchdog(OptionalLong.of(60_000_000), heartbeats, () -> words++, () -> now);

    private void later(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void whoWorksIsBusyAndWhoWaitsForWorkIsNot() {
        Heartbeats.Beat beat = heartbeats.add("one", 10, false);
        heartbeats.add("two", 10, true);
        assertEquals(Map.of("one", 0.0, "two", 0.0), heartbeats.seconds());
        beat.begin();
        later(9);
        assertEquals(Map.of("one", 9.0, "two", 0.0), heartbeats.seconds());
        assertEquals(Optional.empty(), heartbeats.stuck());
        beat.work();
        later(9);
        assertEquals(Optional.empty(), heartbeats.stuck());
        later(2);
        assertEquals(Optional.of("one"), heartbeats.stuck());
        beat.rest();
        later(1000);
        assertEquals(Optional.empty(), heartbeats.stuck());
    }

    /** This thread runs, and has not run for long. */
    @Test
    void whoGetsNoProcessorIsNotStuckThough() {
        heartbeats.add("one", 10, true).begin();
        later(11);
        assertEquals(Optional.empty(), heartbeats.stuck());
    }

    @Test
    void whoRunsForTooLongIs() {
        Heartbeats.Beat beat = heartbeats.add("one", 0, true);
        beat.begin();
        later(1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (heartbeats.stuck().isEmpty()) {
            assertTrue(System.nanoTime() < end, "it is never stuck");
        }
        beat.rest();
        assertEquals(Optional.empty(), heartbeats.stuck());
    }

    @Test
    void whoWaitsForAnotherThreadIsStuckWhateverElseItMayWaitFor() throws InterruptedException {
        Heartbeats.Beat beat = heartbeats.add("one", 10, true);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            beat.begin();
            try {
                end.await();
            } catch (InterruptedException e) {
                return;
            }
        });
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        later(11);
        try {
            assertEquals(Optional.of("one"), heartbeats.stuck());
        } finally {
            end.countDown();
            thread.join();
        }
    }

    @Test
    void theManagerIsToldThreeTimesInItsPatience() {
        assertEquals(1, watchdog.waitAtMost(60_000));
        for (int i = 0; i < 60; i++) {
            watchdog.passTime();
            later(1);
        }
        assertEquals(3, words);
        watchdog.passTime();
        assertEquals(20_001, watchdog.waitAtMost(60_000));
        assertEquals(7, watchdog.waitAtMost(7));
    }

    @Test
    void theManagerIsNotToldWhileAThreadIsStuck() {
        Heartbeats.Beat beat = heartbeats.add("one", 10, false);
        beat.begin();
        later(11);
        watchdog.passTime();
        assertEquals(0, words);
        beat.work();
        later(20);
        beat.rest();
        watchdog.passTime();
        assertEquals(1, words);
    }

    @Test
    void whereNobodyWantsToKnowNothingIsSaid() {
        Watchdog none = new Watchdog(OptionalLong.empty(), heartbeats, () -> words++, () -> now);
        none.passTime();
        assertEquals(0, words);
        assertEquals(60_000, none.waitAtMost(60_000));
    }

    @Test
    void anErrorOnAnyThreadEndsTheProcess() throws Exception {
        List<Integer> exits = new ArrayList<>();
        Thread thread = new Thread(
                () -> {
                    throw new NoClassDefFoundError("org/jns/Gone");
                },
                "some");
        thread.setUncaughtExceptionHandler(new LastResort(exits::add));
        thread.start();
        thread.join();
        assertEquals(List.of(70), exits);
        assertTrue(exits.get(0) != 0);
    }
}
