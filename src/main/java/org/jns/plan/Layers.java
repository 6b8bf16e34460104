// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jns.model.AbsPath;
import org.jns.model.Step;

/** The steps so far, and what each has put where. */
final class Layers {

    /** A wish that has become a step. */
    record Layer(Located located, Step step) {}

    private final Map<AbsPath, Layer> byTarget = new HashMap<>();
    private final Set<AbsPath> made = new HashSet<>();
    private final List<Step> steps = new ArrayList<>();

    List<Step> steps() {
        return steps;
    }

    Optional<Layer> at(AbsPath target) {
        return Optional.ofNullable(byTarget.get(target));
    }

    /** Those that a path lies on, the nearest first. */
    List<Layer> above(AbsPath target) {
        List<Layer> above = new ArrayList<>();
        for (AbsPath path = target.parent(); !path.isRoot(); path = path.parent()) {
            at(path).ifPresent(above::add);
        }
        return above;
    }

    void add(Located located, Step step) {
        byTarget.put(located.target(), new Layer(located, step));
        steps.add(step);
    }

    /** Two targets may need the same folder on their way. */
    void make(Step.MakeMountPoint mountPoint) {
        if (made.add(mountPoint.onto())) {
            steps.add(mountPoint);
        }
    }
}
