// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/** The rules that apply to a subject, and those that do not. */
public record Selection(List<Rule> chosen, List<Rule> passedOver) {

    public Selection {
        chosen = List.copyOf(chosen);
        passedOver = List.copyOf(passedOver);
    }

    public boolean isEmpty() {
        return chosen.isEmpty();
    }
}
