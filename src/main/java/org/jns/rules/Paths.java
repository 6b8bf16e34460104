// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.Locale;
import java.util.Optional;
import org.jns.model.PathTemplate;
import org.jns.model.Printable;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;

/** Reads one path of a rule. */
final class Paths {

    private static final String HOME = "${home}";

    private Paths() {}

    /** Empty after a problem. */
    static Optional<PathTemplate> read(SourceSpan item, Problems problems) {
        if (!isShaped(item, problems)) {
            return Optional.empty();
        }
        try {
            return Optional.of(PathTemplate.parse(item.text()));
        } catch (PathTemplate.SyntaxError e) {
            problems.error(item.at(e.offset()), e.getMessage());
            return Optional.empty();
        }
    }

    /** One spelling for all templates of the same path. */
    static String canonical(PathTemplate path) {
        StringBuilder text = new StringBuilder();
        for (String part : path.text().split("/")) {
            if (!part.isEmpty()) {
                text.append(text.length() == 0 && part.equals(HOME) ? "" : "/").append(part);
            }
        }
        return text.length() == 0 ? "/" : text.toString();
    }

    private static boolean isShaped(SourceSpan item, Problems problems) {
        String text = item.text();
        // Any other "$..." is an error in a variable, which the template reports.
        if (!text.startsWith("/") && !text.startsWith(HOME) && (!text.startsWith("$") || beginsWithVariable(text))) {
            problems.error(
                    item.at(), "'" + Printable.of(text) + "' is not an absolute path: it must begin with / or " + HOME);
            return false;
        }
        int star = text.indexOf('*') >= 0 ? text.indexOf('*') : text.indexOf('?');
        if (star >= 0) {
            problems.error(
                    item.at(star),
                    "'" + text.charAt(star) + "' in a path: paths are written in full, without patterns");
            return false;
        }
        return areComponentsPlain(item, problems);
    }

    private static boolean beginsWithVariable(String text) {
        for (PathTemplate.Variable variable : PathTemplate.Variable.values()) {
            if (text.startsWith("${" + variable.name().toLowerCase(Locale.ROOT) + "}")) {
                return true;
            }
        }
        return false;
    }

    private static boolean areComponentsPlain(SourceSpan item, Problems problems) {
        String text = item.text();
        int start = 0;
        while (start <= text.length()) {
            int slash = text.indexOf('/', start);
            int end = slash < 0 ? text.length() : slash;
            String part = text.substring(start, end);
            if (part.equals(".") || part.equals("..")) {
                problems.error(item.at(start), "'" + part + "' in a path: write where it leads to");
                return false;
            }
            if (part.startsWith(" ") || part.endsWith(" ")) {
                problems.error(
                        item.at(part.startsWith(" ") ? start : end - 1),
                        "blank next to '/' in a path; separate paths by commas");
                return false;
            }
            start = end + 1;
        }
        return true;
    }
}
