// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits the time for reading users' mount tables in one look. A user can have thousands of namespaces with a hundred
 * thousand mounts each. So each user has a share of the time, and once all of them together have used much, a small
 * share, which suffices for a user with a few sandboxes: no user's tables keep those of the others from being read.
 */
final class ReadingTime {
    private static final long SHARE_NS = 100_000_000L;
    private static final long SMALL_SHARE_NS = 5_000_000L;
    /** For all users together, until the shares become small. */
    private static final long MUCH_NS = 5_000_000_000L;

    private final LongSupplier clock;
    private final Map<Long, Long> used = new HashMap<>();
    private long usedByAll;

    /** @param clock in nanoseconds */
    ReadingTime(LongSupplier clock) {
        this.clock = clock;
    }

    long now() {
        return clock.getAsLong();
    }

    /** Whether that user's share is used up, including the time since the given moment. */
    boolean isOver(long uid, long since) {
        long share = usedByAll < MUCH_NS ? SHARE_NS : SMALL_SHARE_NS;
        return used.getOrDefault(uid, 0L) + now() - since >= share;
    }

    void use(long uid, long since) {
        long time = now() - since;
        used.merge(uid, time, Long::sum);
        usedByAll += time;
    }
}
