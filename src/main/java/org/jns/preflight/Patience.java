// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

/** How long all of a preflight may take, and one question in it. */
final class Patience {
    /** One question may take this part of all the time. */
    private static final long PART = 5;

    private final long until;
    private final long oneMs;

    /**
     * @param milliseconds for all of it, from now on
     */
    Patience(long milliseconds) {
        this.until = System.nanoTime() + milliseconds * 1_000_000;
        this.oneMs = milliseconds / PART;
    }

    /** For something after which there must be time left: half of what is left now. */
    Patience half() {
        return new Patience((until - System.nanoTime()) / 2_000_000);
    }

    boolean isOver() {
        return until - System.nanoTime() <= 0;
    }

    /** All that is left; 0 if time is over. */
    long milliseconds() {
        return Math.max(0, (until - System.nanoTime()) / 1_000_000);
    }

    /** For the next question; 0 if time is over. */
    long millisecondsForOne() {
        return Math.max(0, Math.min(oneMs, milliseconds()));
    }
}
