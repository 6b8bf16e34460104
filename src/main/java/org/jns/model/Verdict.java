// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Optional;

/** What a login comes to. */
public sealed interface Verdict {

    /** Its own view of the host. */
    record View(Plan plan) implements Verdict {}

    /** The host's view, as the rules want nothing else. */
    record Host(String why) implements Verdict {}

    /**
     * The host's view, as the subject's own cannot be made and may be gone without.
     *
     * @param origin of the rule at fault; empty if it is no rule's
     * @param why the view cannot be made
     * @param lets who or what lets the subject in nevertheless
     */
    record LetIn(Optional<Origin> origin, String why, String lets) implements Verdict {

        public String text() {
            return lets + " without a view of its own: " + reason();
        }

        public String reason() {
            return Verdict.reason(origin, why);
        }
    }

    record Refused(Optional<Origin> origin, String why) implements Verdict {

        public String text() {
            return Verdict.reason(origin, why);
        }

        public LetIn butLetIn(String lets) {
            return new LetIn(origin, why, lets);
        }
    }

    private static String reason(Optional<Origin> origin, String why) {
        return origin.isPresent() ? why + " (rule " + origin.get() + ")" : why;
    }
}
