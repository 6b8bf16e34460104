// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.model.Matcher;
import org.jns.model.MountOptions;
import org.jns.model.PathTemplate;
import org.jns.model.Printable;
import org.jns.model.Rule;

/** Gives one section its meaning. */
final class RuleReader {

    static final List<String> KEYS = List.of("action", "target", "source", "only", "except", "options");

    private final StrictIni.Section section;
    private final Problems problems;

    private RuleReader(StrictIni.Section section, Problems problems) {
        this.section = section;
        this.problems = problems;
    }

    /** Empty if anything is wrong with the section. */
    static Optional<Rule> read(StrictIni.Section section, Problems problems) {
        int errorsBefore = problems.errors();
        Optional<Rule> rule = new RuleReader(section, problems).read();
        return section.whole() && problems.errors() == errorsBefore ? rule : Optional.empty();
    }

    private Optional<Rule> read() {
        for (StrictIni.Entry entry : section.entries().values()) {
            if (!KEYS.contains(entry.key())) {
                problems.error(entry.keyAt(), Words.unknown("key", entry.key(), KEYS));
            }
        }
        Optional<Action> action = action();
        List<PathTemplate> targets = targets();
        Optional<PathTemplate> source = source(action);
        List<Matcher> only = matchers("only");
        List<Matcher> except = matchers("except");
        MountOptions options = entry("options").map(e -> Options.read(e, action.orElse(null), problems)).orElse(MountOptions.NONE);
        if (action.isEmpty() || targets.isEmpty() || (action.get().needsSource() && source.isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(
                new Rule(section.name(), section.at(), only, except, action.get().directive(source.orElse(null), targets, options)));
    }

    private Optional<StrictIni.Entry> entry(String key) {
        return Optional.ofNullable(section.entries().get(key));
    }

    private void missing(String what) {
        // A line that could not be read may have been the one that is missing; it was reported.
        if (section.whole()) {
            problems.error(section.at(), "section [" + Printable.of(section.name()) + "] has no " + what);
        }
    }

    private Optional<Action> action() {
        Optional<StrictIni.Entry> entry = entry("action");
        if (entry.isEmpty()) {
            missing("'action' (expected one of " + String.join(", ", Action.words()) + ")");
            return Optional.empty();
        }
        Located word = entry.get().value();
        Action action = Action.named(word.text());
        if (action == null) {
            problems.error(word.at(), Words.unknown("action", word.text(), Action.words()));
        }
        return Optional.ofNullable(action);
    }

    private List<PathTemplate> targets() {
        Optional<StrictIni.Entry> entry = entry("target");
        if (entry.isEmpty()) {
            missing("'target'");
            return List.of();
        }
        List<PathTemplate> targets = new ArrayList<>();
        Map<String, Located> seen = new HashMap<>();
        for (Located item : Words.items(entry.get(), problems)) {
            Optional<PathTemplate> path = Paths.read(item, problems);
            if (path.isEmpty()) {
                continue;
            }
            String canonical = Paths.canonical(path.get());
            if (canonical.equals("/")) {
                problems.error(item.at(), "'/' cannot be a target");
            } else if (seen.putIfAbsent(canonical, item) != null) {
                problems.error(item.at(), "target " + item.text() + " is given twice");
            } else {
                targets.add(path.get());
            }
        }
        return targets;
    }

    private Optional<PathTemplate> source(Optional<Action> action) {
        Optional<StrictIni.Entry> entry = entry("source");
        if (entry.isEmpty()) {
            if (action.isPresent() && action.get().needsSource()) {
                missing("'source', which action 'bind' needs");
            }
            return Optional.empty();
        }
        if (action.isPresent() && !action.get().needsSource()) {
            problems.error(entry.get().keyAt(), "'source' does not go with action '" + action.get().word() + "' (only with bind)");
        }
        int comma = entry.get().value().text().indexOf(',');
        if (comma >= 0) {
            problems.error(entry.get().value().at(comma), "a rule has one source");
            return Optional.empty();
        }
        return Paths.read(entry.get().value(), problems);
    }

    private List<Matcher> matchers(String key) {
        return entry(key).map(e -> Selectors.read(e, problems)).orElse(List.of());
    }
}
