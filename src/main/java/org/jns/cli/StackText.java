// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import java.util.ArrayList;
import java.util.List;

/** The text of a file of PAM's, with and without the module. Every other byte stays as it is. */
final class StackText {
    private static final String MODULE = "pam_jns.so";
    private static final String LINE = "session required " + MODULE + " # put here by jnsctl enable; jnsctl disable takes it out";

    private StackText() {}

    /** Whether a line calls the module. */
    static boolean hasModule(String text) {
        return !without(text).equals(text);
    }

    /** At the end, behind what is included there: whatever sets up the account has been called then. */
    static String with(String text) {
        return text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + LINE + "\n";
    }

    /** Without any line that calls the module, whoever wrote it. */
    static String without(String text) {
        StringBuilder kept = new StringBuilder();
        for (String rule : rules(text)) {
            if (!content(rule).contains(MODULE)) {
                kept.append(rule);
            }
        }
        return kept.toString();
    }

    /** As PAM puts lines together: one ends in a backslash that goes on, and one without content ends nothing. */
    private static List<String> rules(String text) {
        List<String> rules = new ArrayList<>();
        StringBuilder begun = new StringBuilder();
        boolean open = false;
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from) < 0 ? text.length() : text.indexOf('\n', from) + 1;
            String line = text.substring(from, end);
            String content = content(line);
            open = content.isEmpty() ? open : content.endsWith("\\") && !line.contains("#");
            begun.append(line);
            if (!open) {
                rules.add(begun.toString());
                begun.setLength(0);
            }
            from = end;
        }
        rules.add(begun.toString());
        return rules;
    }

    private static String content(String lines) {
        StringBuilder content = new StringBuilder();
        for (String line : lines.split("\n")) {
            int comment = line.indexOf('#');
            content.append(comment < 0 ? line : line.substring(0, comment)).append(' ');
        }
        return content.toString().strip();
    }
}
