// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.Directive;
import org.jns.model.NamespaceKind;
import org.jns.model.Printable;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;
import org.jns.rules.ini.Words;

/** Reads the keys of a rule with action {@code isolate}. */
final class SpaceReader {

    /** In the order of the man page. */
    static final List<String> KEYS = List.of("isolate", "hostname");

    /** The kernel's limit, sethostname(2). */
    private static final int MOST_NAME = 64;

    private SpaceReader() {}

    /** Empty after a problem, and if no kind is named. */
    static Optional<Directive> read(StrictIni.Section section, Problems problems) {
        List<NamespaceKind> kinds = Optional.ofNullable(section.entries().get("isolate"))
                .map(e -> kinds(e, problems))
                .orElse(List.of());
        StrictIni.Entry name = section.entries().get("hostname");
        Optional<String> hostname = name == null ? Optional.empty() : hostname(name, problems);
        if (kinds.isEmpty()) {
            return Optional.empty();
        }
        if (name != null && !kinds.contains(NamespaceKind.UTS)) {
            problems.error(name.keyAt(), "'hostname' goes with isolate = uts only: without it the name is the host's");
        }
        return Optional.of(new Directive.Isolate(kinds, hostname));
    }

    private static List<NamespaceKind> kinds(StrictIni.Entry entry, Problems problems) {
        List<NamespaceKind> kinds = new ArrayList<>();
        for (SourceSpan item : Words.items(entry, problems)) {
            Optional<NamespaceKind> kind = NamespaceKind.viewKind(item.text());
            if (kind.isEmpty()) {
                problems.error(item.at(), Words.unknown("namespace", item.text(), words()) + reason(item.text()));
            } else if (kinds.contains(kind.get())) {
                problems.error(item.at(), "namespace " + item.text() + " is given twice");
            } else {
                kinds.add(kind.get());
            }
        }
        return kinds;
    }

    private static List<String> words() {
        List<String> words = new ArrayList<>();
        for (NamespaceKind kind : NamespaceKind.VIEW_KINDS) {
            words.add(kind.word());
        }
        return words;
    }

    private static String reason(String word) {
        return switch (word) {
            case "mnt", "mount" -> "; every view has mounts of its own";
            case "user" -> "; users are the same in every view";
            default -> "";
        };
    }

    private static Optional<String> hostname(StrictIni.Entry entry, Problems problems) {
        String name = entry.value().text();
        if (!isHostname(name)) {
            problems.error(
                    entry.value().at(),
                    "'" + Printable.of(name) + "' is no host name: 1 to " + MOST_NAME
                            + " letters, digits, '.' and '-', with a letter or digit first and last");
            return Optional.empty();
        }
        return Optional.of(name);
    }

    private static boolean isHostname(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            boolean within = i > 0 && i < name.length() - 1 && (c == '.' || c == '-');
            if (!plain && !within) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= MOST_NAME;
    }
}
