// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.model.PathTemplate;
import org.jns.model.Position;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.RulesSource;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.SourceText;
import org.jns.rules.ini.StrictIni;
import org.jns.rules.ini.Words;

/** Parses rules files. */
public final class RulesParser {

    private static final int MOST_COMPARED = 20;

    private final List<Rule> rules = new ArrayList<>();
    private final List<Problem> found = new ArrayList<>();
    private final Map<String, Position> sections = new HashMap<>();
    private final Map<String, Rule> targetsOfEveryone = new HashMap<>();
    private final Map<String, List<Rule>> byTarget = new HashMap<>();

    private RulesParser() {}

    /**
     * Reads the files in the given order. The result has all problems of all files, in the order of the files; never
     * throws.
     */
    public static Parsed parse(List<RulesSource> sources) {
        RulesParser parser = new RulesParser();
        int weight = 0;
        for (RulesSource source : sources) {
            int own = SourceText.weight(source.bytes());
            if (own > StrictIni.MAX_WEIGHT || weight + own <= StrictIni.MAX_WEIGHT) {
                // A file that is too large by itself is refused there, and adds nothing here.
                weight += own > StrictIni.MAX_WEIGHT ? 0 : own;
                parser.file(StrictIni.read(source));
            } else {
                parser.found.add(Problem.error(
                        new Position(source.name(), 1, 1),
                        "cannot read the file: with the files before it there are more than " + StrictIni.MAX_WEIGHT
                                + " sections, keys and list items"));
            }
        }
        return new Parsed(new RuleSet(parser.rules), parser.found);
    }

    private void file(StrictIni.Document document) {
        Problems problems = new Problems();
        for (StrictIni.Section section : document.sections()) {
            int errorsBefore = problems.errors();
            // Within one file the duplicate is already reported, and its section is not complete.
            Position first = section.whole() ? sections.putIfAbsent(section.name(), section.at()) : null;
            if (first != null) {
                problems.error(section.at(), StrictIni.duplicateSection(section.name(), first));
            }
            Optional<Rule> rule = RuleReader.read(section, problems);
            rule.ifPresent(r -> targets(r, section, problems));
            if (rule.isPresent() && problems.errors() == errorsBefore) {
                Doubts.report(rule.get(), section, problems);
                rules.add(rule.get());
            }
        }
        found.addAll(problems.inFileOrder(document.problems()));
    }

    /**
     * Two rules for different users may have the same target, and a login finds out whether both apply; two for
     * everyone are always an error, unless the later one takes the target over.
     */
    private void targets(Rule rule, StrictIni.Section section, Problems problems) {
        StrictIni.Entry entry = section.entries().get("target");
        List<PathTemplate> targets = rule.directive().places();
        List<SourceSpan> places =
                entry == null ? List.of(new SourceSpan("", section.at())) : Words.items(entry, new Problems());
        for (int i = 0; i < targets.size(); i++) {
            target(rule, targets.get(i), places.get(i).at(), problems);
        }
    }

    private void target(Rule rule, PathTemplate target, Position at, Problems problems) {
        String path = Paths.canonical(target);
        Rule first = rule.only().isEmpty() && rule.except().isEmpty() ? targetsOfEveryone.get(path) : null;
        List<Rule> earlier = byTarget.computeIfAbsent(path, p -> new ArrayList<>());
        if (rule.terms().replace()) {
            // A file with many rules for one target must not cause a comparison of all pairs.
            earlier.stream()
                    .limit(MOST_COMPARED)
                    .filter(other -> Coverage.isForAllOf(rule, other))
                    .findFirst()
                    .ifPresent(
                            other -> problems.warning(
                                    at,
                                    "target " + target + " of [" + other.name() + "] at " + place(other)
                                            + " is never shown: this rule takes it over from all whom that one is for; take it out there"));
        } else if (first != null) {
            problems.error(
                    at,
                    "target " + target + " is already that of [" + first.name() + "] at " + place(first)
                            + ", and both rules are for everyone");
        }
        if (earlier.size() < MOST_COMPARED) {
            earlier.add(rule);
        }
        if (rule.only().isEmpty() && rule.except().isEmpty()) {
            targetsOfEveryone.putIfAbsent(path, rule);
        }
    }

    private static String place(Rule rule) {
        return rule.at().file() + ":" + rule.at().line();
    }
}
