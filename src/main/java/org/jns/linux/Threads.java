// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/** Starts threads where the kernel may have no room for another one: TasksMax= of the unit, which programs for users count for, too. */
public final class Threads {
    /** What the JVM says then. It has the same class of errors for a heap that is full, which nothing goes on from. */
    private static final String NO_ROOM = "unable to create native thread";

    private Threads() {}

    /**
     * @return false if there is no room, which may be another time by the next try
     * @throws OutOfMemoryError if it is memory that has run out
     */
    public static boolean start(Thread thread) {
        try {
            thread.start();
            return true;
        } catch (OutOfMemoryError e) {
            String why = e.getMessage();
            if (why == null || !why.startsWith(NO_ROOM)) {
                throw e;
            }
            return false;
        }
    }
}
