// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/**
 * All that is done for one login, in order.
 *
 * @param leftOut what rules wish and nothing is done for
 */
public record Plan(Subject subject, List<Step> steps, List<LeftOut> leftOut) {

    /** A target for which nothing is done, with the reason in words. */
    public record LeftOut(Origin origin, AbsPath target, String why) {}

    public Plan {
        steps = List.copyOf(steps);
        leftOut = List.copyOf(leftOut);
    }

    public Plan(Subject subject, List<Step> steps) {
        this(subject, steps, List.of());
    }
}
