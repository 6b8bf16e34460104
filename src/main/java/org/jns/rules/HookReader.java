// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.ArgumentTemplate;
import org.jns.model.Directive;
import org.jns.model.PathTemplate;
import org.jns.model.Printable;
import org.jns.rules.ini.Numbers;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;
import org.jns.rules.ini.Words;

/** Reads the keys of a rule with action {@code run}. */
final class HookReader {

    /** In the order of the man page. */
    static final List<String> KEYS = List.of("program", "arguments", "timeout", "run-as");

    private static final int USUAL_SECONDS = 5;
    private static final int MOST_SECONDS = 60;

    private HookReader() {}

    /** Empty after a problem, and if no program is named. */
    static Optional<Directive> read(StrictIni.Section section, Problems problems) {
        Optional<PathTemplate> program = entry(section, "program").flatMap(e -> program(e, problems));
        List<ArgumentTemplate> arguments =
                entry(section, "arguments").map(e -> arguments(e, problems)).orElse(List.of());
        int seconds = entry(section, "timeout")
                .map(e -> seconds(e.value(), USUAL_SECONDS, problems))
                .orElse(USUAL_SECONDS);
        boolean asUser = entry(section, "run-as")
                .map(e -> Words.choice(e, List.of("root", "user"), problems).equals("user"))
                .orElse(false);
        return program.map(path -> new Directive.Run(path, arguments, seconds * 1000, asUser));
    }

    private static Optional<StrictIni.Entry> entry(StrictIni.Section section, String key) {
        return Optional.ofNullable(section.entries().get(key));
    }

    static Optional<PathTemplate> program(StrictIni.Entry entry, Problems problems) {
        int comma = entry.value().text().indexOf(',');
        if (comma >= 0) {
            problems.error(
                    entry.value().at(comma), "a rule has one program; what it is called with stands in 'arguments'");
            return Optional.empty();
        }
        Optional<PathTemplate> program = Paths.read(entry.value(), problems);
        if (program.isPresent() && Paths.canonical(program.get()).equals("/")) {
            problems.error(entry.value().at(), "'/' cannot be a program");
            return Optional.empty();
        }
        return program;
    }

    static List<ArgumentTemplate> arguments(StrictIni.Entry entry, Problems problems) {
        List<ArgumentTemplate> arguments = new ArrayList<>();
        for (SourceSpan item : Words.items(entry, problems)) {
            try {
                arguments.add(ArgumentTemplate.parse(item.text()));
            } catch (PathTemplate.SyntaxError e) {
                problems.error(item.at(e.offset()), e.getMessage());
            }
        }
        return arguments;
    }

    /** The default after a problem. */
    static int seconds(SourceSpan value, int usual, Problems problems) {
        String text = value.text();
        long number = text.endsWith("s") ? Numbers.parse(text.substring(0, text.length() - 1), MOST_SECONDS) : 0;
        if (number < 1) {
            problems.error(value.at(), "'" + Printable.of(text) + "' is no timeout: from 1s to " + MOST_SECONDS + "s");
            return usual;
        }
        return (int) number;
    }
}
