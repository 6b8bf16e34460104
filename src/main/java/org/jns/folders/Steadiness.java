// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

/** Tells whether the wall clock was set: for a while after that, no time on it counts as long ago. */
final class Steadiness {
    /** Seconds: a clock drifts less than this in ten minutes, and nobody sets it by less. */
    private static final long LEEWAY = 5;

    private static final long WHILE = 2 * Expiry.MOMENT;

    private boolean hasLooked;
    private long clock;
    private long passed;
    private boolean wasSet;
    private long setAt;

    /**
     * @param clockNow seconds since 1970
     * @param passedNow seconds since the machine was started
     * @return whether the clock was not set, as far as is known
     */
    boolean look(long clockNow, long passedNow) {
        if (hasLooked && Math.abs(clockNow - clock - (passedNow - passed)) > LEEWAY) {
            wasSet = true;
            setAt = passedNow;
        }
        hasLooked = true;
        clock = clockNow;
        passed = passedNow;
        wasSet &= passedNow - setAt < WHILE;
        return !wasSet;
    }
}
