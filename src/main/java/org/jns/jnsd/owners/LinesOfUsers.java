// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.owners;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jns.jnsd.login.Owner;

/**
 * Limits the lines of the journal that a user can cause in a minute. journald drops lines of a service that writes too
 * many, journald.conf(5): no user must be able to suppress the lines about others.
 */
final class LinesOfUsers {
    private static final int MOST = 20;
    private static final long MINUTE_NS = 60_000_000_000L;

    private final LongSupplier clock;
    private final Map<Long, Integer> counts = new HashMap<>();
    private long began;

    /** @param clock in nanoseconds, such as {@link System#nanoTime} */
    LinesOfUsers(LongSupplier clock) {
        this.clock = clock;
        this.began = clock.getAsLong();
    }

    /** Counts one line more, if the limit allows it. */
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
