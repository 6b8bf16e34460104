// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything that is done for one login, in order.
 *
 * @param volumes mounted by programs after all steps, in order
 * @param hooks run after all volumes are mounted, in order
 * @param leftOut the targets of rules for which nothing is done
 * @param spaces namespaces of other kinds, made after all hooks
 */
public record Plan(
        Subject subject,
        List<Step> steps,
        List<Volume> volumes,
        List<Hook> hooks,
        List<LeftOut> leftOut,
        Spaces spaces) {

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

    public Plan(Subject subject, List<Step> steps, List<Volume> volumes, List<Hook> hooks, List<LeftOut> leftOut) {
        this(subject, steps, volumes, hooks, leftOut, Spaces.NONE);
    }

    /** The same with fewer volumes. */
    public Plan withVolumes(List<Volume> other) {
        return new Plan(subject, steps, other, hooks, leftOut, spaces);
    }

    /** Whether nothing must be done. */
    public boolean isEmpty() {
        return steps.isEmpty() && volumes.isEmpty() && hooks.isEmpty() && spaces.isEmpty();
    }

    /** The steps before volumes and hooks. */
    public List<Step> earlySteps() {
        List<Step> early = new ArrayList<>();
        for (Step step : steps) {
            if (!isLate(step)) {
                early.add(step);
            }
        }
        return early;
    }

    /** The steps that wait for the PID namespace: those that show its processes, and those on top of them. */
    public List<Step> lateSteps() {
        List<Step> late = new ArrayList<>();
        for (Step step : steps) {
            if (isLate(step)) {
                late.add(step);
            }
        }
        return late;
    }

    private boolean isLate(Step step) {
        if (!spaces.has(NamespaceKind.PID)) {
            return false;
        }
        for (Step other : steps) {
            if (other instanceof Step.Proc && step.onto().isAtOrBelow(other.onto())) {
                return true;
            }
        }
        return false;
    }
}
