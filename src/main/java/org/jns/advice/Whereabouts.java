// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.config.Settings;
import org.jns.model.Matcher;
import org.jns.model.Position;
import org.jns.model.Rule;
import org.jns.rules.ini.RulesSource;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;

/**
 * Finds the position of a list item again, because rules do not store it: few items are ever asked for, and none at a
 * login.
 */
final class Whereabouts {
    private final List<RulesSource> sources;
    private final Map<String, StrictIni.Document> read = new HashMap<>();

    Whereabouts(List<RulesSource> sources) {
        this.sources = sources;
    }

    /** The rule's position if the item is not found. */
    Position of(Rule rule, Matcher matcher) {
        for (RulesSource source : sources) {
            if (source.name().equals(rule.at().file())) {
                for (StrictIni.Section section : sections(source)) {
                    if (section.at().equals(rule.at())) {
                        return inSection(section, matcher.text()).orElse(rule.at());
                    }
                }
            }
        }
        return rule.at();
    }

    /** The beginning of the settings if the item is not found. */
    Position anywhere(Matcher matcher) {
        for (RulesSource source : sources) {
            for (StrictIni.Section section : sections(source)) {
                Optional<Position> at = inSection(section, matcher.text());
                if (at.isPresent()) {
                    return at.get();
                }
            }
        }
        return new Position(Settings.FILE.value(), 1, 1);
    }

    private List<StrictIni.Section> sections(RulesSource source) {
        return read.computeIfAbsent(source.name(), name -> StrictIni.read(source))
                .sections();
    }

    private static Optional<Position> inSection(StrictIni.Section section, String item) {
        for (StrictIni.Entry entry : section.entries().values()) {
            SourceSpan value = entry.value();
            int start = 0;
            for (String part : value.text().split(",", -1)) {
                if (part.strip().equals(item)) {
                    return Optional.of(value.at(start + part.indexOf(item)));
                }
                start += part.length() + 1;
            }
        }
        return Optional.empty();
    }
}
