// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jns.model.Matcher;
import org.jns.model.Position;
import org.jns.model.Rule;
import org.jns.rules.Located;
import org.jns.rules.RulesSource;
import org.jns.rules.StrictIni;

/** Finds the place of a list item again, for rules do not keep it: few items are ever asked for, and none at a login. */
final class Whereabouts {
    private final List<RulesSource> sources;
    private final Map<String, StrictIni.Document> read = new HashMap<>();

    Whereabouts(List<RulesSource> sources) {
        this.sources = sources;
    }

    /** The rule's own place where the item is not found. */
    Position of(Rule rule, Matcher matcher) {
        for (RulesSource source : sources) {
            if (source.name().equals(rule.at().file())) {
                for (StrictIni.Section section : read.computeIfAbsent(source.name(), name -> StrictIni.read(source)).sections()) {
                    if (section.at().equals(rule.at())) {
                        return inSection(section, matcher.text(), rule.at());
                    }
                }
            }
        }
        return rule.at();
    }

    private static Position inSection(StrictIni.Section section, String item, Position otherwise) {
        for (StrictIni.Entry entry : section.entries().values()) {
            Located value = entry.value();
            int start = 0;
            for (String part : value.text().split(",", -1)) {
                if (part.strip().equals(item)) {
                    return value.at(start + part.indexOf(item));
                }
                start += part.length() + 1;
            }
        }
        return otherwise;
    }
}
