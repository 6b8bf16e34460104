// SPDX-License-Identifier: Apache-2.0
package org.jns.wire;

/** What the module or jnsctl asks. */
public sealed interface Request {

    /** A session begins. The user's name is all that is said of the user: the helper looks the rest up. */
    record Open(String user, String service, String tty) implements Request {}

    /**
     * Read the rules again.
     *
     * @param force whether to take them although they would shut somebody out
     */
    record Reload(boolean force) implements Request {
        public Reload() {
            this(false);
        }
    }

    /**
     * Read the rules again, and go back to those before after so many minutes, unless {@link Confirm} comes.
     *
     * @param minutes from 1 to {@value #MOST_MINUTES}
     * @param force whether to take them although they would shut somebody out
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

    /** The rules that are on trial are to stay. */
    record Confirm() implements Request {}

    /** Look at once for views that nobody uses, and for private folders whose time has come. */
    record Gc() implements Request {}

    /**
     * A user wants into a view; who asks, the kernel says. The one request that somebody other than root may make.
     *
     * @param kind {@link #VIEW}, {@link #SESSION} or {@link #RULE}
     * @param name of what; empty with {@link #VIEW}
     */
    record Join(String kind, String name) implements Request {
        /** The asking user's own view, if there is one and no other. */
        public static final String VIEW = "view";
        /** The view of a session, by its number. */
        public static final String SESSION = "session";
        /** A fresh view for one command, of the rule of that name. */
        public static final String RULE = "rule";
    }

    /** A command line of jnsenter's, in the file that comes with this request, asks for its recipe. */
    record Enter() implements Request {}

    /** Write the numbers for {@code jnsctl metrics} down. */
    record Metrics() implements Request {}
}
