// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/**
 * All that is done for one login, in order.
 *
 * @param volumes what is mounted by programs when all steps are done, in order
 * @param hooks what is run when all volumes are mounted, in order
 * @param leftOut what rules wish and nothing is done for
 */
public record Plan(Subject subject, List<Step> steps, List<Volume> volumes, List<Hook> hooks, List<LeftOut> leftOut) {

    /** A target for which nothing is done, with the reason in words. */
    public record LeftOut(Origin origin, AbsPath target, String why) {}

    public Plan {
        steps = List.copyOf(steps);
        volumes = List.copyOf(volumes);
        hooks = List.copyOf(hooks);
        leftOut = List.copyOf(leftOut);
    }

    public Plan(Subject subject, List<Step> steps) {
        this(subject, steps, List.of(), List.of(), List.of());
    }

    /** The same with fewer volumes. */
    public Plan withVolumes(List<Volume> other) {
        return new Plan(subject, steps, other, hooks, leftOut);
    }

    /** Nothing is to be done. */
    public boolean isEmpty() {
        return steps.isEmpty() && volumes.isEmpty() && hooks.isEmpty();
    }
}
