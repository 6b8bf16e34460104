// SPDX-License-Identifier: Apache-2.0
package org.jns;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;

/** The processor time of a thread. Other work of the machine does not count, except that caches are shared. */
public final class ProcessorTime {
    /** A machine with this many tasks for each processor is no reason to fail. */
    private static final int BUSY = 20;

    private ProcessorTime() {}

    /** The time that a processor has spent on this thread, in nanoseconds. */
    public static long nanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /**
     * Fails if the work takes more than the limit of processor time. Work that waits for ever fails, too.
     *
     * @return the result of the work
     */
    public static <T> T atMost(Duration limit, Supplier<T> work) {
        return assertTimeoutPreemptively(limit.multipliedBy(BUSY), () -> {
            long before = nanos();
            T result = work.get();
            Duration spent = Duration.ofNanos(nanos() - before);
            assertTrue(spent.compareTo(limit) <= 0, "took " + spent.toMillis() + " ms of a processor");
            return result;
        });
    }
}
