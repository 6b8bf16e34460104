// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

/** Limits the time of a preflight, and of one question in it. */
final class Patience {
    /** The part of the total time that one question may take. */
    private static final long PART = 5;

    private final long until;
    private final long oneMs;

    /** @param milliseconds in total, from now on */
    Patience(long milliseconds) {
        this.until = System.nanoTime() + milliseconds * 1_000_000;
        this.oneMs = milliseconds / PART;
    }

    /** Half of the remaining time, for work after which time must be left. */
    Patience half() {
        return new Patience((until - System.nanoTime()) / 2_000_000);
    }

    boolean isOver() {
        return until - System.nanoTime() <= 0;
    }

    /** The remaining time; 0 if it is up. */
    long milliseconds() {
        return Math.max(0, (until - System.nanoTime()) / 1_000_000);
    }

    /** For the next question; 0 if time is up. */
    long millisecondsForOne() {
        return Math.max(0, Math.min(oneMs, milliseconds()));
    }
}
