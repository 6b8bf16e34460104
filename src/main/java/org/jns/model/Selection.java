// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/** Which rules are for a subject, and which are not. */
public record Selection(List<Rule> chosen, List<Rule> passedOver) {

    public Selection {
        chosen = List.copyOf(chosen);
        passedOver = List.copyOf(passedOver);
    }

    public boolean isEmpty() {
        return chosen.isEmpty();
    }
}
