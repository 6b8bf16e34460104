// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/** Which rules are for a subject, and why the others are not. */
public record Selection(List<Rule> chosen, List<PassedOver> passedOver) {

    /** A rule that is not for the subject, with the reason in words. */
    public record PassedOver(Rule rule, String why) {}

    public Selection {
        chosen = List.copyOf(chosen);
        passedOver = List.copyOf(passedOver);
    }

    public boolean isEmpty() {
        return chosen.isEmpty();
    }
}
