// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.visitors;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jns.jnsd.login.Owner;

/**
 * How many lines of the journal a user may cause in a minute. journald drops lines of a service that writes too many, journald.conf(5):
 * nobody is to make it drop those about others.
 */
final class LinesOfUsers {
    private static final int MOST = 20;
    private static final long MINUTE_NS = 60_000_000_000L;

    private final LongSupplier clock;
    private final Map<Long, Integer> counts = new HashMap<>();
    private long began;

    /**
     * @param clock as {@link System#nanoTime}
     */
    LinesOfUsers(LongSupplier clock) {
        this.clock = clock;
        this.began = clock.getAsLong();
    }

    /** Counts one more. */
    boolean hasRoom(Owner owner) {
        long now = clock.getAsLong();
        if (now - began >= MINUTE_NS) {
            began = now;
            counts.clear();
        }
        boolean room = true;
        for (Long share : owner.shares()) {
            room &= counts.merge(share, 1, Integer::sum) <= MOST;
        }
        return room;
    }
}
