// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jns.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * One log entry as a value: a message for people, and fields for programs.
 *
 * <p>The message never contains a stack trace. A throwable becomes the field {@code EXCEPTION}, and {@code TRACE} if
 * requested. A key that is not a valid field name is left out; {@code REFUSED_KEYS} then has the number of such keys.
 */
public record JournalEntry(Level level, String message, List<Field> fields) {
    private static final String PREFIX = "JNS_";

    // journald drops a field whose name is longer than this, prefix included.
    private static final int LONGEST_NAME = 64;

    /**
     * A field; its name is upper case and not yet prefixed. Only the entry makes fields, from keys that it has checked.
     */
    public record Field(String name, String value) {}

    public JournalEntry {
        fields = List.copyOf(fields);
    }

    /**
     * @param message may be null, which means empty
     * @param pairs keys and values from the caller, may be null
     * @param thrown may be null
     * @param withTrace whether the throwable's stack trace becomes a field
     */
    public static JournalEntry of(
            Level level,
            @Nullable String message,
            @Nullable List<KeyValuePair> pairs,
            @Nullable Throwable thrown,
            boolean withTrace) {
        List<Field> fields = new ArrayList<>();
        int refused = 0;
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                if (isName(pair.key)) {
                    fields.add(new Field(pair.key.toUpperCase(Locale.ROOT), text(pair.value)));
                } else {
                    refused++;
                }
            }
        }
        if (thrown != null) {
            fields.add(new Field("EXCEPTION", summary(thrown)));
            if (withTrace) {
                fields.add(new Field("TRACE", trace(thrown)));
            }
        }
        if (refused > 0) {
            fields.add(new Field("REFUSED_KEYS", Integer.toString(refused)));
        }
        return new JournalEntry(level, message == null ? "" : message, fields);
    }

    /** The entry in journald's native protocol (systemd.io, "Native Journal Protocol"). */
    public byte[] datagram(String identifier) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        put(out, "PRIORITY", priority());
        put(out, "SYSLOG_IDENTIFIER", identifier);
        put(out, "MESSAGE", message);
        for (Field field : fields) {
            put(out, PREFIX.concat(field.name), field.value);
        }
        return out.toByteArray();
    }

    /** The level as a number of syslog(3). */
    private String priority() {
        if (level == Level.ERROR) {
            return "3";
        }
        if (level == Level.WARN) {
            return "4";
        }
        return level == Level.INFO ? "6" : "7";
    }

    private static void put(ByteArrayOutputStream out, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        if (value.indexOf('\n') < 0) {
            out.write('=');
        } else {
            // In the short form a line feed would end the value, and the text after it could forge a field.
            out.write('\n');
            long rest = bytes.length;
            for (int i = 0; i < Long.BYTES; i++) {
                out.write((int) rest & 0xff);
                rest >>>= 8;
            }
        }
        out.writeBytes(bytes);
        out.write('\n');
    }

    /** Checks the key before its case changes: dotless i and sharp s become ASCII letters in upper case. */
    private static boolean isName(@Nullable String key) {
        if (key == null || key.isEmpty() || key.length() > LONGEST_NAME - PREFIX.length()) {
            return false;
        }
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')) {
                return false;
            }
        }
        return true;
    }

    private static String text(@Nullable Object value) {
        try {
            String text = value == null ? null : value.toString();
            return text == null ? "" : text;
        } catch (RuntimeException | StackOverflowError e) {
            // The line matters more than one of its values.
            return "(unprintable ".concat(value.getClass().getName()).concat(")");
        }
    }

    private static String summary(Throwable thrown) {
        String name = thrown.getClass().getName();
        try {
            String message = thrown.getMessage();
            return message == null ? name : name.concat(": ").concat(message);
        } catch (RuntimeException | StackOverflowError e) {
            return name.concat(": (unprintable)");
        }
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        try {
            thrown.printStackTrace(new PrintWriter(text));
        } catch (RuntimeException | StackOverflowError e) {
            text.append("(unprintable)");
        }
        return text.toString().stripTrailing();
    }
}
