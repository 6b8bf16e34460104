// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

/** Tells whether the clock on the wall goes as time goes by, or was set: then for a while nothing is said by it to be long ago. */
final class Steadiness {
    /** More than a clock is wrong in ten minutes, less than anybody sets it by. */
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
     * @return whether it was not set, as far as is known
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
