// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jns.doctor.PamLine.Place;

/** A file that lists the modules that PAM calls for a service, read like libpam reads it. */
public record PamFile(String path, List<PamLine> lines) {
    private static final Set<String> TYPES = Set.of("auth", "account", "password", "session");
    private static final String INCLUDE = "include";
    private static final String SUBSTACK = "substack";

    public PamFile {
        lines = List.copyOf(lines);
    }

    /** Accepts any text: lines that PAM would not understand become {@link PamLine.Wrong}. */
    public static PamFile parse(String path, String text) {
        List<PamLine> lines = new ArrayList<>();
        StringBuilder begun = new StringBuilder();
        int start = 0;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            int comment = line.indexOf('#');
            String content = strip(comment < 0 ? line : line.substring(0, comment));
            if (content.isEmpty()) {
                // An empty line does not end a continued line.
                continue;
            }
            start = begun.length() == 0 ? number : start;
            // A comment ends the line, whatever precedes it.
            if (comment < 0 && content.endsWith("\\")) {
                begun.append(content, 0, content.length() - 1).append(' ');
            } else {
                add(new Place(path, start), begun.append(content).toString(), lines);
                begun.setLength(0);
            }
        }
        if (begun.length() > 0) {
            lines.add(new PamLine.Wrong(new Place(path, start), "", "the file ends in a line that is continued"));
        }
        return new PamFile(path, lines);
    }

    /** The only blanks for PAM: the carriage return of a file with Windows line ends is part of a word. */
    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n';
    }

    private static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static void add(Place at, String text, List<PamLine> lines) {
        List<String> words = words(text);
        if (!words.isEmpty()) {
            lines.add(line(at, words));
        }
    }

    private static PamLine line(Place at, List<String> words) {
        String first = words.get(0).toLowerCase(Locale.ROOT);
        if (first.equals("@" + INCLUDE)) {
            return words.size() < 2
                    ? new PamLine.Wrong(at, "", "it names no file to include")
                    : new PamLine.Include(at, "", words.get(1), false);
        }
        String type = first.startsWith("-") ? first.substring(1) : first;
        if (!TYPES.contains(type)) {
            return new PamLine.Wrong(at, "", "it begins with none of auth, account, password, session");
        }
        String control = words.size() < 2 ? "" : words.get(1).toLowerCase(Locale.ROOT);
        if (words.size() < 3) {
            return new PamLine.Wrong(at, type, "it names no module");
        }
        if (control.equals(INCLUDE) || control.equals(SUBSTACK)) {
            return new PamLine.Include(at, type, words.get(2), control.equals(SUBSTACK));
        }
        Optional<PamControl> parsed = PamControl.parse(words.get(1));
        return parsed.isPresent()
                ? new PamLine.Call(at, type, parsed.get(), words.get(2), words.subList(3, words.size()))
                : new PamLine.Wrong(at, type, "PAM does not know how to take '" + words.get(1) + "'");
    }

    /** A word that begins with a bracket ends with the closing one; inside, a backslash escapes that. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            if (isBlank(text.charAt(i))) {
                i++;
                continue;
            }
            StringBuilder word = new StringBuilder();
            if (text.charAt(i) == '[') {
                i++;
                while (i < text.length() && text.charAt(i) != ']') {
                    if (text.charAt(i) == '\\' && i + 1 < text.length() && text.charAt(i + 1) == ']') {
                        i++;
                    }
                    word.append(text.charAt(i++));
                }
                i++;
            } else {
                while (i < text.length() && !isBlank(text.charAt(i))) {
                    word.append(text.charAt(i++));
                }
            }
            words.add(word.toString());
        }
        return words;
    }
}
