// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.metrics;

/** A histogram of durations. */
final class Latencies {
    /** In seconds; the last bucket has everything longer. */
    private static final double[] BOUNDS = {
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        Double.POSITIVE_INFINITY
    };

    private final long[] counts = new long[BOUNDS.length];
    private long micros;

    /** Takes a bound, and how many durations were within it. */
    interface Cumulative {
        void accept(double bound, long count);
    }

    void add(long took) {
        int bucket = 0;
        while (took > BOUNDS[bucket] * 1e6) {
            bucket++;
        }
        counts[bucket]++;
        micros += took;
    }

    void upTo(Cumulative each) {
        long sum = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            sum += counts[i];
            each.accept(BOUNDS[i], sum);
        }
    }

    long count() {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    double seconds() {
        return micros / 1e6;
    }
}
