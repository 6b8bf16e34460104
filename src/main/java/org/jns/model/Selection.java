// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/** Which rules are for a subject, and which are not. */
public record Selection(List<Rule> chosen, List<Rule> passedOver) {

    public Selection {
        chosen = List.copyOf(chosen);
        passedOver = List.copyOf(passedOver);
    }

    /**
     * Whether the user may enter a view of these rules from outside: if each of them lets the user in.
     *
     * @param usual who may where a rule does not say
     */
    public boolean letsOwnerIn(Entrance usual) {
        return chosen.stream().allMatch(rule -> rule.letsOwnerIn(usual));
    }

    public boolean isEmpty() {
        return chosen.isEmpty();
    }
}
