// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds lines for the same folder. The old modules mount in the order of the file, so a later line covers an earlier
 * one; jns has one rule for one target and mounts parents first, in any order.
 */
final class Overlaps {

    private Overlaps() {}

    static void settle(List<ConfigLine> lines) {
        Map<String, List<ConfigLine>> laterByTarget = new HashMap<>();
        for (int i = lines.size() - 1; i >= 0; i--) {
            ConfigLine line = lines.get(i);
            if (!line.isInForce()) {
                continue;
            }
            String target = line.draft().orElseThrow().target();
            for (ConfigLine later : laterByTarget.getOrDefault(target, List.of())) {
                if (line.isInForce()) {
                    sameTarget(line, later);
                }
            }
            if (line.isInForce()) {
                coveredBy(line, target, laterByTarget);
                laterByTarget.computeIfAbsent(target, t -> new ArrayList<>()).add(line);
            }
        }
    }

    private static void sameTarget(ConfigLine line, ConfigLine later) {
        Draft draft = line.draft().orElseThrow();
        String place = later.placeFor(line);
        Optional<Who> left = draft.who().minus(later.draft().orElseThrow().who());
        if (left.isEmpty()) {
            line.lost(
                    place
                            + " is for the same folder and covers this one for some users; jns refuses a login that two rules for one folder are for");
        } else if (left.get().nobody()) {
            line.withoutEffect("had no effect: " + place + " covers it for everyone that it is for");
        } else if (!left.get().equals(draft.who())) {
            line.warn(place + " covers this one for some users, who are taken out here");
            line.draft(draft.withWho(left.get()));
        }
    }

    private static void coveredBy(ConfigLine line, String target, Map<String, List<ConfigLine>> laterByTarget) {
        for (int slash = target.lastIndexOf('/'); slash > 0; slash = target.lastIndexOf('/', slash - 1)) {
            for (ConfigLine later : laterByTarget.getOrDefault(target.substring(0, slash), List.of())) {
                Optional<Who> left = line.draft()
                        .orElseThrow()
                        .who()
                        .minus(later.draft().orElseThrow().who());
                if (left.isEmpty()
                        || !left.get().equals(line.draft().orElseThrow().who())) {
                    line.warn("was covered by " + later.placeFor(line)
                            + ", which came later; jns shows it, as it mounts parents first");
                }
            }
        }
    }
}
