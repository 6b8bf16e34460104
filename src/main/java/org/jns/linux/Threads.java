// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/**
 * Starts threads, although the kernel may have no room for another one: TasksMax= of the unit, which includes programs
 * for users.
 */
public final class Threads {
    /**
     * The JVM's message in that case. It has the same class of errors for a full heap, which nothing can recover from.
     */
    private static final String NO_ROOM = "unable to create native thread";

    private Threads() {}

    /**
     * @return false if there is no room; the next attempt may succeed
     * @throws OutOfMemoryError if memory has run out
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
