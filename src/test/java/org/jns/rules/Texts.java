// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.rules.ini.RulesSource;

/** Rules files for tests. */
public final class Texts {

    private Texts() {}

    public static RulesSource source(String text) {
        return source("x.conf", text);
    }

    public static RulesSource source(String name, String text) {
        return new RulesSource(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static Parsed parse(String text) {
        return RulesParser.parse(List.of(source(text)));
    }

    /** The only rule of a file without problems. */
    static Rule rule(String text) {
        Parsed parsed = parse(text);
        if (!parsed.problems().isEmpty() || parsed.rules().rules().size() != 1) {
            throw new AssertionError(lines(parsed.problems()) + parsed.rules());
        }
        return parsed.rules().rules().get(0);
    }

    public static String lines(List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        problems.forEach(p -> text.append(p).append('\n'));
        return text.toString();
    }

    static String resource(String path) {
        try (InputStream in = Texts.class.getResourceAsStream(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Text with escapes to bytes: backslash and xNN is a byte, uNNNN or UNNNNNNNN a character, r a carriage return; c swallows the line
     * end after it. Any other backslash is itself.
     */
    static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            char kind = text.charAt(i) == '\\' && i + 1 < text.length() ? text.charAt(i + 1) : ' ';
            int digits = "xuU".indexOf(kind) < 0 ? 0 : kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
            if (digits > 0) {
                int value = Integer.parseInt(text.substring(i + 2, i + 2 + digits), 16);
                out.writeBytes(
                        kind == 'x'
                                ? new byte[] {(byte) value}
                                : Character.toString(value).getBytes(StandardCharsets.UTF_8));
                i += 2 + digits;
            } else if (kind == 'r') {
                out.write('\r');
                i += 2;
            } else if (kind == 'c') {
                i += 3;
            } else {
                int end = text.offsetByCodePoints(i, 1);
                out.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
                i = end;
            }
        }
        return out.toByteArray();
    }
}
