// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rule before it gets a name.
 *
 * @param source empty unless the action is bind or mounts a volume
 * @param more lines of other keys
 */
record Draft(String action, String target, Optional<String> source, Who who, List<String> options, List<String> more) {

    private static final int MAX_NAME = 48;

    Draft {
        options = List.copyOf(options);
        more = List.copyOf(more);
    }

    Draft withWho(Who other) {
        return new Draft(action, target, source, other, options, more);
    }

    /** {@code /var/tmp} becomes var-tmp, {@code ${home}/x} becomes home-x. */
    String nameIdea() {
        String name = target.replaceAll("[^A-Za-z0-9._]+", "-").replaceAll("^[-._]+|-+$", "");
        return name.isEmpty() ? "rule" : name.substring(0, Math.min(name.length(), MAX_NAME));
    }

    /** The lines of a section. */
    List<String> lines(String name) {
        List<String> lines = new ArrayList<>();
        lines.add("[" + name + "]");
        lines.add("action = " + action);
        source.ifPresent(path -> lines.add("source = " + path));
        lines.add("target = " + target);
        lines.addAll(more);
        list(lines, "only", who.only());
        list(lines, "except", who.except());
        list(lines, "options", options);
        return lines;
    }

    private static void list(List<String> lines, String key, List<String> items) {
        if (!items.isEmpty()) {
            lines.add(key + " = " + String.join(", ", items));
        }
    }
}
