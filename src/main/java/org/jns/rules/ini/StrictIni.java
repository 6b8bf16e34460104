// SPDX-License-Identifier: Apache-2.0
package org.jns.rules.ini;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jns.Nullable;
import org.jns.model.Position;
import org.jns.model.Printable;
import org.jns.model.Problem;

/**
 * Reads the INI syntax of all jns files. Commons Configuration reads them, but it accepts any text as a key, merges
 * duplicates and knows no line numbers; so each line is checked here first, and in the end both must have read the
 * same.
 */
public final class StrictIni {

    /** In bytes. A caller need read only one byte more of a file. */
    public static final int MAX_FILE = 1 << 20;

    /** In bytes, without the line end. */
    public static final int MAX_LINE = 4096;

    /** Limit of the "[", "=" and "," in a file: each becomes objects, and the daemon's heap is small. */
    public static final int MAX_WEIGHT = 50_000;

    public static final int MAX_NAME = 64;

    public record Entry(String key, Position keyAt, SourceSpan value) {}

    /**
     * @param name as written; well formed only if the section is whole
     * @param at the position of its "["
     * @param whole whether its header and each of its lines could be read; if not, a missing key means nothing
     * @param entries by key, in the order of the file
     */
    public record Section(String name, Position at, boolean whole, Map<String, Entry> entries) {
        public Section {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** The value of a key that the section has. */
        public SourceSpan value(String key) {
            return Objects.requireNonNull(entries.get(key)).value();
        }
    }

    /** One file. If there is an error among the problems, the sections serve only to find more problems. */
    public record Document(List<Section> sections, List<Problem> problems) {
        public Document {
            sections = List.copyOf(sections);
            problems = List.copyOf(problems);
        }
    }

    private final Problems problems;
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, Position> headers = new HashMap<>();
    /** The lines without comments, for the second reader. */
    private final StringBuilder bare = new StringBuilder();

    /** Of the section that is read; null before the first. */
    private @Nullable String name;

    @SuppressWarnings("NullAway.Init") // as the name
    private Position at;

    private boolean whole;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private StrictIni(Problems problems) {
        this.problems = problems;
    }

    /** Reads one file. The result has all its problems; never throws. */
    public static Document read(RulesSource source) {
        Problems problems = new Problems();
        StrictIni reader = new StrictIni(problems);
        SourceText.lines(
                source,
                problems,
                line -> reader.line(
                        new SourceSpan(line.text(), new Position(source.name(), line.number(), 1)), line.sound()));
        reader.endSection();
        List<Section> sections = reader.sections;
        if (problems.errors() == 0) {
            sections = IniTree.read(reader.bare.toString(), sections, problems);
        }
        return new Document(sections, problems.inFileOrder());
    }

    /** The message that refuses a second section of that name. */
    public static String duplicateSection(String name, Position first) {
        return "section [" + name + "] is already at " + first.file() + ":" + first.line();
    }

    private void line(SourceSpan line, boolean sound) {
        SourceSpan content = line.part(0, line.text().length());
        boolean header = content.text().startsWith("[");
        if (!sound) {
            if (header) {
                beginSection("", content.at(), false);
            }
            whole = false;
        } else if (header) {
            header(content);
        } else if (!content.text().isEmpty() && !isComment(content.text(), 0)) {
            entry(content.part(0, commentStart(content.text(), 0)));
        }
        bare.append('\n');
    }

    private static boolean isComment(String text, int i) {
        return text.charAt(i) == '#' || text.charAt(i) == ';';
    }

    /** The beginning of a line's comment, at {@code from} or later; the line's length if there is none. */
    private static int commentStart(String text, int from) {
        for (int i = Math.max(1, from); i < text.length(); i++) {
            if (isComment(text, i) && SourceText.isBlank(text.charAt(i - 1))) {
                return i;
            }
        }
        return text.length();
    }

    private void header(SourceSpan line) {
        String text = line.text();
        int close = text.indexOf(']');
        if (close < 0) {
            problems.error(line.at(text.length()), "section header has no ']'");
            beginSection(text.substring(1), line.at(), false);
            return;
        }
        String found = text.substring(1, close);
        boolean sound = isSectionName(line.at(1), found);
        SourceSpan rest = line.part(close + 1, commentStart(text, close + 1));
        if (!rest.text().isEmpty()) {
            problems.error(rest.at(), "text after a section header; only a comment may follow it");
            sound = false;
        }
        Position first = headers.putIfAbsent(found, line.at());
        if (sound && first != null) {
            problems.error(line.at(), duplicateSection(found, first));
            sound = false;
        }
        beginSection(found, line.at(), sound);
        bare.append('[').append(found).append(']');
    }

    private boolean isSectionName(Position place, String found) {
        if (found.isEmpty()) {
            problems.error(place, "section has no name");
            return false;
        }
        if (found.length() > MAX_NAME) {
            problems.error(place, "section name is longer than " + MAX_NAME + " characters");
            return false;
        }
        if (!isName(found)) {
            problems.error(
                    place,
                    "'" + Printable.of(found)
                            + "' is no section name: letters, digits, '.', '_' and '-', with a letter or digit first");
            return false;
        }
        return true;
    }

    public static boolean isName(String text) {
        if (text.isEmpty() || text.length() > MAX_NAME) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && (i == 0 || (c != '.' && c != '_' && c != '-'))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private void beginSection(String newName, Position header, boolean sound) {
        endSection();
        name = newName;
        at = header;
        whole = sound;
    }

    private void endSection() {
        if (name != null) {
            sections.add(new Section(name, at, whole, entries));
        }
        entries.clear();
    }

    /** Reads a line that is neither a header nor a comment, without the comment at its end. */
    private void entry(SourceSpan line) {
        int errorsBefore = problems.errors();
        Optional<Entry> parts = parts(line);
        if (parts.isEmpty() || problems.errors() > errorsBefore) {
            whole = false;
            return;
        }
        Entry entry = parts.get();
        Entry first = entries.putIfAbsent(entry.key(), entry);
        if (name == null) {
            if (first == null && entries.size() == 1) {
                problems.error(entry.keyAt(), "key '" + entry.key() + "' stands before the first section header");
            }
        } else if (first != null) {
            problems.error(
                    entry.keyAt(),
                    "key '" + entry.key() + "' is already in line "
                            + first.keyAt().line());
        }
        bare.append(line.text());
    }

    private Optional<Entry> parts(SourceSpan line) {
        String text = line.text();
        int equals = text.indexOf('=');
        if (equals < 0) {
            problems.error(line.at(), "expected 'key = value', '[section]' or a comment");
            return Optional.empty();
        }
        SourceSpan key = line.part(0, equals);
        SourceSpan value = line.part(equals + 1, text.length());
        checkKey(key);
        checkValue(key, value);
        return Optional.of(new Entry(key.text(), key.at(), value));
    }

    private void checkKey(SourceSpan key) {
        String text = key.text();
        if (text.isEmpty()) {
            problems.error(key.at(), "no key before '='");
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c == '-' && i > 0))) {
                problems.error(
                        key.at(),
                        "'" + Printable.of(text) + "' is no key: lower case letters and '-', with a letter first");
                return;
            }
        }
    }

    private void checkValue(SourceSpan key, SourceSpan value) {
        String text = value.text();
        if (text.isEmpty()) {
            problems.error(value.at(), "'" + Printable.of(key.text()) + "' has no value");
            return;
        }
        if (text.endsWith("\\")) {
            problems.error(value.at(text.length() - 1), "a value cannot go on in the next line; write it in one line");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\'') {
                problems.error(
                        value.at(i), "quotes have no meaning here and cannot be part of a value; leave them out");
                return;
            }
            if (c != ' ' && Character.getType(c) == Character.SPACE_SEPARATOR) {
                problems.error(
                        value.at(i),
                        "character " + SourceText.codePoint(c) + " only looks like a space; use a plain one");
                return;
            }
        }
    }
}
