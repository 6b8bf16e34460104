// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/** All that is done for one login, in order. */
public record Plan(Subject subject, List<Step> steps) {
    public Plan {
        steps = List.copyOf(steps);
    }
}
