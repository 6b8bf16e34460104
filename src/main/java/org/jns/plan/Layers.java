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

    /** A target request that has become a step. */
    record Layer(ResolvedTarget resolved, Step step) {}

    private final Map<AbsPath, Layer> byTarget = new HashMap<>();
    private final Map<String, Step.PrivateFolder> byKey = new HashMap<>();
    private final Set<AbsPath> made = new HashSet<>();
    private final List<Step> created = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    /** Files are created on the host first, before anything is mounted on the way to them. */
    List<Step> steps() {
        List<Step> all = new ArrayList<>(created);
        all.addAll(steps);
        return all;
    }

    Optional<Layer> at(AbsPath target) {
        return Optional.ofNullable(byTarget.get(target));
    }

    /** The first step that shows the user's private folder with that key. */
    Optional<Step.PrivateFolder> showing(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** The layers that contain a path, the nearest first. */
    List<Layer> above(AbsPath target) {
        List<Layer> above = new ArrayList<>();
        for (AbsPath path = target.parent(); !path.isRoot(); path = path.parent()) {
            at(path).ifPresent(above::add);
        }
        return above;
    }

    void add(ResolvedTarget resolved, Step step) {
        byTarget.put(resolved.target(), new Layer(resolved, step));
        if (step instanceof Step.PrivateFolder privateFolder) {
            byKey.putIfAbsent(privateFolder.key(), privateFolder);
        }
        steps.add(step);
    }

    void create(Step.Create step) {
        created.add(step);
    }

    /** Two targets may need the same folder on their way. */
    void make(Step.MakeMountPoint mountPoint) {
        if (made.add(mountPoint.onto())) {
            steps.add(mountPoint);
        }
    }
}
