// SPDX-License-Identifier: Apache-2.0
package org.jns.rules.ini;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jns.model.Position;

/** Splits bytes into lines: checks encoding, length, line ends, and characters that an admin could not see. */
public final class SourceText {

    /**
     * One line without its end.
     *
     * @param text the readable part
     * @param sound whether that is the whole line
     */
    record Line(int number, String text, boolean sound) {}

    private final String file;
    private final byte[] bytes;
    private final Problems problems;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private boolean windowsLineEnds;

    private SourceText(RulesSource source, Problems problems) {
        this.file = source.name();
        this.bytes = source.bytes();
        this.problems = problems;
    }

    /** Passes each line to the reader. Never keeps the lines: a file of line ends would fill the heap. */
    static void lines(RulesSource source, Problems problems, Consumer<Line> reader) {
        new SourceText(source, problems).lines(reader);
    }

    /** An upper bound of the number of sections, keys and list items in the file. */
    public static int weight(byte[] bytes) {
        int weight = 0;
        for (byte b : bytes) {
            if (b == '[' || b == '=' || b == ',') {
                weight++;
            }
        }
        return weight;
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private void lines(Consumer<Line> reader) {
        if (bytes.length > StrictIni.MAX_FILE) {
            problems.error(
                    at(1, 1),
                    "file is " + bytes.length + " bytes long, at most " + StrictIni.MAX_FILE + " are allowed");
            return;
        }
        if (weight(bytes) > StrictIni.MAX_WEIGHT) {
            problems.error(at(1, 1), "file has more than " + StrictIni.MAX_WEIGHT + " sections, keys and list items");
            return;
        }
        int start = 0;
        for (int number = 1; start < bytes.length; number++) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            Line line = line(number, start, end);
            reader.accept(line);
            if (end == bytes.length && line.sound()) {
                problems.warning(
                        at(number, length(line.text()) + 1), "last line has no line end: is the file cut off?");
            }
            start = end + 1;
        }
    }

    private Line line(int number, int start, int end) {
        int from = start;
        if (number == 1 && hasByteOrderMark()) {
            problems.error(at(1, 1), "file begins with a byte order mark; save it as UTF-8 without one");
            from += 3;
        }
        if (end - start > StrictIni.MAX_LINE) {
            problems.error(
                    at(number, 1),
                    "line is " + (end - start) + " bytes long, at most " + StrictIni.MAX_LINE + " are allowed");
            return new Line(number, bytes[start] == '[' ? "[" : "", false);
        }
        int to = end;
        if (to > from && bytes[to - 1] == '\r') {
            to--;
        }
        CharBuffer chars = CharBuffer.allocate(to - from);
        CoderResult result = decoder.reset().decode(ByteBuffer.wrap(bytes, from, to - from), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            problems.error(at(number, length(text) + 1), "invalid UTF-8");
            return new Line(number, text, false);
        }
        if (to < end && !windowsLineEnds) {
            // Reported once for each file: it is one mistake, in however many lines it shows.
            windowsLineEnds = true;
            problems.error(
                    at(number, length(text) + 1),
                    "file has Windows line ends (CR LF); remove the CR characters, as dos2unix does");
        }
        return new Line(number, text, isVisible(number, text));
    }

    private boolean hasByteOrderMark() {
        return bytes.length >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf;
    }

    /** Also in comments: a character that changes the direction of writing can make a comment look like a rule. */
    private boolean isVisible(int number, String text) {
        int column = 1;
        for (int i = 0; i < text.length(); column++) {
            int c = text.codePointAt(i);
            Optional<String> complaint = complaint(c);
            if (complaint.isPresent()) {
                problems.error(at(number, column), complaint.get());
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }

    private static Optional<String> complaint(int c) {
        if (c == '\t') {
            return Optional.empty();
        }
        if (c == '\r') {
            return Optional.of("carriage return inside a line");
        }
        if (Character.isISOControl(c)) {
            return Optional.of("control character " + codePoint(c));
        }
        int type = Character.getType(c);
        if (type == Character.FORMAT || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR) {
            return Optional.of("invisible character " + codePoint(c));
        }
        return Optional.empty();
    }

    static String codePoint(int c) {
        String digits = Integer.toHexString(c).toUpperCase(Locale.ROOT);
        return "U+" + "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private Position at(int line, int column) {
        return new Position(file, line, column);
    }
}
