// SPDX-License-Identifier: Apache-2.0
package org.jns.wire;

/** A request of the module or of jnsctl. */
public sealed interface Request {

    /** A session begins. The request contains only the user's name: the daemon looks the rest up. */
    record Open(String user, String service, String tty) implements Request {}

    /**
     * Reads the rules again.
     *
     * @param force whether to take them even if they would lock users out
     */
    record Reload(boolean force) implements Request {
        public Reload() {
            this(false);
        }
    }

    /**
     * Reads the rules again, and returns to the previous ones after some minutes, unless {@link Confirm} comes.
     *
     * @param minutes from 1 to {@value #MOST_MINUTES}
     * @param force whether to take them even if they would lock users out
     */
    record Try(int minutes, boolean force) implements Request {
        public static final int MOST_MINUTES = 120;

        public Try(int minutes) {
            this(minutes, false);
        }

        public Try {
            if (minutes < 1 || minutes > MOST_MINUTES) {
                throw new IllegalArgumentException(minutes + " is not a number of minutes from 1 to " + MOST_MINUTES);
            }
        }
    }

    /** Keeps the rules that are on trial. */
    record Confirm() implements Request {}

    /** Looks immediately for unused views and expired private folders. */
    record Gc() implements Request {}

    /**
     * A user asks to enter a view; the kernel tells which user asks. The only request that users other than root may
     * make.
     *
     * @param kind {@link #VIEW}, {@link #SESSION} or {@link #RULE}
     * @param name of the session or rule; empty with {@link #VIEW}
     */
    record Join(String kind, String name) implements Request {
        /** The asking user's view, if there is exactly one. */
        public static final String VIEW = "view";
        /** The view of a session, by its number. */
        public static final String SESSION = "session";
        /** A command view, from the rule with that name. */
        public static final String RULE = "rule";
    }

    /** A command line of jnsenter, in the file that comes with this request, asks for its recipe. */
    record Enter() implements Request {}

    /** Writes the numbers for {@code jnsctl metrics}. */
    record Metrics() implements Request {}
}
