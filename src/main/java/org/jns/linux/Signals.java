// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import jnr.constants.platform.Signal;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

/** Handles signals of this process, signal(7). */
public final class Signals {
    /**
     * The implementation in Java, because the native one binds the whole C library, which costs a third of a second.
     */
    private static final POSIX SYSTEM = POSIXFactory.getJavaPOSIX();

    private Signals() {}

    /** Runs the action, on a thread of the JVM, whenever the process is asked to end (SIGTERM, SIGINT). */
    public static void onTerminate(Runnable action) {
        SYSTEM.signal(Signal.SIGTERM, number -> action.run());
        SYSTEM.signal(Signal.SIGINT, number -> action.run());
    }

    /** Runs the action, on a thread of the JVM, at SIGHUP. */
    public static void onHangUp(Runnable action) {
        SYSTEM.signal(Signal.SIGHUP, number -> action.run());
    }
}
