// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Optional;

/** The outcome of planning for one login. */
public sealed interface Verdict {

    /** A separate view. */
    record View(Plan plan) implements Verdict {}

    /** The host's view, because the rules ask for nothing else. */
    record Host(String why) implements Verdict {}

    /**
     * The host's view, because the subject's view cannot be made and is not required.
     *
     * @param origin of the rule that failed; empty if no rule did
     * @param why the view cannot be made
     * @param lets the setting or rule that lets the subject in nevertheless
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
