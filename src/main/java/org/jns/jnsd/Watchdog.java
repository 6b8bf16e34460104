// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jns.jnsd.upkeep.Heartbeats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that the daemon works: from the main thread, and only while no other thread is stuck. If no
 * report arrives for some time, the service manager ends this process and starts another, which finds all sessions and
 * views again. Belongs to the main thread.
 */
public final class Watchdog {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    /** Reports per timeout of the service manager: one report may be late. */
    private static final int WORDS = 3;

    private final OptionalLong interval;
    private final Heartbeats heartbeats;
    private final Runnable alive;
    private final LongSupplier clock;
    private long next;
    private boolean told;

    /**
     * @param patience the service manager's timeout in microseconds; empty if no service manager watches
     * @param alive reports that the daemon works
     * @param clock in nanoseconds
     */
    public Watchdog(OptionalLong patience, Heartbeats heartbeats, Runnable alive, LongSupplier clock) {
        this.interval = patience.isPresent()
                ? OptionalLong.of(TimeUnit.MICROSECONDS.toNanos(patience.getAsLong()) / WORDS)
                : patience;
        this.heartbeats = heartbeats;
        this.alive = alive;
        this.clock = clock;
        this.next = clock.getAsLong();
    }

    /** How long the main thread may sleep at most. */
    public int waitAtMost(int milliseconds) {
        if (interval.isEmpty()) {
            return milliseconds;
        }
        long left = TimeUnit.NANOSECONDS.toMillis(next - clock.getAsLong()) + 1;
        return (int) Math.max(0, Math.min(milliseconds, left));
    }

    public void passTime() {
        long now = clock.getAsLong();
        if (interval.isEmpty() || now - next < 0) {
            return;
        }
        next = now + interval.getAsLong();
        Optional<String> stuck = heartbeats.stuck();
        if (stuck.isEmpty()) {
            alive.run();
        } else if (!told) {
            told = true;
            LOG.atError()
                    .addKeyValue("EVENT", "thread-stuck")
                    .log("thread {} does not come back; the service manager starts the daemon again", stuck.get());
        }
    }
}
