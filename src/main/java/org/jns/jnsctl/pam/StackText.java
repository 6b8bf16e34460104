// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.pam;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Adds the module to the text of a PAM file, and removes it. All other bytes stay unchanged. */
public final class StackText {
    private static final String MODULE = "pam_jns.so";
    private static final String LINE =
            "session required " + MODULE + " # put here by jnsctl enable; jnsctl disable takes it out";

    private static final String INSTEAD = " # in the place of: ";
    private static final Pattern PLACE =
            Pattern.compile("(?m)^session .* pam_permit\\.so" + INSTEAD + "(.*pam_jns\\.so.*)$");
    private static final Pattern RULE =
            Pattern.compile("(?i)-?(auth|account|password|session)[ \t]+(\\[[^]]*\\]|[^ \t]+)");
    private static final Pattern JUMP = Pattern.compile("^\\[.*=[0-9]");
    private static final Pattern EDGES = Pattern.compile("^[ \t]+|[ \t]+$");

    private StackText() {}

    /** Whether a line calls the module. */
    public static boolean hasModule(String text) {
        return !without(text).equals(text);
    }

    /**
     * At its old position, if another module has taken its place. Otherwise at the end, after the included lines: the
     * modules that set up the account run before it.
     */
    static String with(String text) {
        Matcher place = PLACE.matcher(text);
        if (place.find()) {
            return text.substring(0, place.start()) + place.group(1) + text.substring(place.end());
        }
        return text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + LINE + "\n";
    }

    /**
     * Without any line that calls the module. If jumps count it, another module takes its place; remove.sh does so too.
     */
    public static String without(String text) {
        StringBuilder kept = new StringBuilder();
        Set<String> jumped = new HashSet<>();
        for (String rule : rules(text)) {
            String content = joined(rule);
            Matcher parts = RULE.matcher(content);
            boolean isRule = parts.lookingAt();
            String type = isRule ? parts.group(1).toLowerCase(Locale.ROOT) : "";
            boolean jumps = isRule && JUMP.matcher(parts.group(2)).find();
            if (!content.contains(MODULE)) {
                kept.append(rule);
            } else if (jumps || jumped.contains(type)) {
                String control = type.equals("session") ? parts.group(2) : "[default=ignore]";
                kept.append(type)
                        .append(' ')
                        .append(control)
                        .append(" pam_permit.so")
                        .append(INSTEAD)
                        .append(content)
                        .append('\n');
            }
            if (jumps) {
                jumped.add(type);
            }
        }
        return kept.toString();
    }

    /** A rule on one line, without comments. */
    private static String joined(String rule) {
        StringBuilder joined = new StringBuilder();
        for (String line : rule.split("\n")) {
            int comment = line.indexOf('#');
            String bare = EDGES.matcher(comment < 0 ? line : line.substring(0, comment))
                    .replaceAll("");
            if (comment < 0 && bare.endsWith("\\")) {
                bare = EDGES.matcher(bare.substring(0, bare.length() - 1)).replaceAll("");
            }
            joined.append(joined.length() == 0 || bare.isEmpty() ? "" : " ").append(bare);
        }
        return joined.toString();
    }

    /** Joins lines like PAM: a backslash at the end continues a line, and an empty line ends nothing. */
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
