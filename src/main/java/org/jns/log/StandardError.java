// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes entries as text, one line each: {@code message key=value key="a value"}.
 *
 * <p>Characters that end the line, move the cursor or change the reading direction are shown as {@code \n}, {@code
 * \x1b} or {@code \u202e}, so that a hostile user name cannot forge anything.
 */
public final class StandardError implements JournalSink {
    private static final String HEX = "0123456789abcdef";

    // Not System.err: newer JVMs load a class at its first byte, and that could happen on a thread in another view.
    private static final OutputStream DESCRIPTOR_2 = new FileOutputStream(FileDescriptor.err);

    private final OutputStream stream;

    /** Writes to the process's standard error. */
    public StandardError() {
        this(DESCRIPTOR_2);
    }

    StandardError(OutputStream stream) {
        this.stream = stream;
    }

    @Override
    public boolean write(JournalEntry entry) {
        // UTF-8 in every locale: the clean environment has no locale, and the JVM would then write ASCII.
        byte[] line = line(entry).concat("\n").getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (stream) {
                stream.write(line);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The entry as one line, without its end. */
    static String line(JournalEntry entry) {
        StringBuilder line = new StringBuilder(128);
        escape(line, entry.message(), false);
        for (JournalEntry.Field field : entry.fields()) {
            line.append(' ').append(field.name().toLowerCase(Locale.ROOT)).append('=');
            if (isWord(field.value())) {
                line.append(field.value());
            } else {
                line.append('"');
                escape(line, field.value(), true);
                line.append('"');
            }
        }
        return line.toString();
    }

    private static boolean isWord(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\') {
                return false;
            }
        }
        return !value.isEmpty();
    }

    private static void escape(StringBuilder line, String text, boolean quoted) {
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (c == '\n') {
                line.append("\\n");
            } else if (c == '\r') {
                line.append("\\r");
            } else if (c == '\t') {
                line.append("\\t");
            } else if (c == '\\' || quoted && c == '"') {
                line.append('\\').append((char) c);
            } else if (isShown(c)) {
                line.appendCodePoint(c);
            } else if (c < 0x100) {
                hex(line.append("\\x"), c, 2);
            } else if (c < 0x10000) {
                hex(line.append("\\u"), c, 4);
            } else {
                hex(line.append("\\U"), c, 8);
            }
        }
    }

    /** Not shown: controls, formats (bidirectional overrides are among them), line separators and halves of a surrogate pair. */
    private static boolean isShown(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    private static void hex(StringBuilder line, int c, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            line.append(HEX.charAt(c >>> shift & 0xf));
        }
    }
}
