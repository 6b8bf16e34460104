// SPDX-License-Identifier: Apache-2.0
package org.jns.wire;

/** An answer of the daemon. */
public sealed interface Reply {

    /**
     * The view is ready; its mount namespace comes with this reply as a descriptor.
     *
     * @param session 16 hexadecimal digits
     * @param warning for the log, may be empty
     */
    record Granted(String session, String warning) implements Reply {
        public Granted {
            if (!isSession(session)) {
                throw new IllegalArgumentException("session is not 16 hexadecimal digits");
            }
        }

        static boolean isSession(String text) {
            return text.length() == 16
                    && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F');
        }
    }

    /** No rule applies to this login, or it is a login of root that could not be prepared. */
    record NotIsolated(String reason) implements Reply {}

    /**
     * The same for a login program that is in a user's view: the host's mount namespace comes with this reply as a
     * descriptor.
     */
    record Host(String reason) implements Reply {}

    record Refused(String reason) implements Reply {}

    /**
     * The requested view; its namespaces come with this reply as descriptors.
     *
     * @param warning for the user, may be empty
     */
    record Joined(String warning) implements Reply {}

    /**
     * The answer to a command line: this reply carries a file with the recipe, then the descriptors that it refers to.
     */
    record Recipe() implements Reply {}

    /** A request other than a login was carried out. */
    record Done(String text) implements Reply {}
}
