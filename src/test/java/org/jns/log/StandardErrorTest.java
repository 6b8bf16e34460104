// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

import static org.jns.log.JournalEntryTest.entry;
import static org.jns.log.JournalEntryTest.pair;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class StandardErrorTest {
    @Test
    void lineIsTheMessageThenTheFields() {
        assertEquals(
                "login of alice user=alice uid=1001 rules=\"private-tmp, lib32\" tty=\"\"",
                StandardError.line(entry(
                        "login of alice",
                        pair("user", "alice"),
                        pair("uid", 1001),
                        pair("rules", "private-tmp, lib32"),
                        pair("tty", null))));
    }

    @Test
    void hostileValueEndsNeitherItsLineNorItsQuotes() {
        assertEquals(
                "m user=\"a\\nlogin of root user=root\" service=\"x\\\" uid=\\\"0\" tty=\"a=b\" home=\"\\\\n\"",
                StandardError.line(entry(
                        "m",
                        pair("user", "a\nlogin of root user=root"),
                        pair("service", "x\" uid=\"0"),
                        pair("tty", "a=b"),
                        pair("home", "\\n"))));
    }

    @Test
    void controlsInTheMessageAreShownNotObeyed() {
        assertEquals(
                "a\\nb\\r\\tc\\x00\\x1b[2J\\x7f\\x85\\u2028\\u202e\\\\n\\ud83d\\U000e0041",
                StandardError.line(entry("a\nb\r\tc\0\033[2J\177\u0085\u2028\u202e\\n\ud83d\udb40\udc41")));
    }

    @Test
    void lettersOfEveryScriptAreShown() {
        assertEquals("żółw 🐢 user=\"łukasz\"", StandardError.line(entry("żółw 🐢", pair("user", "łukasz"))));
    }

    @Test
    void traceStaysOnTheLine() {
        JournalEntry entry = JournalEntry.of(Level.ERROR, "m", null, new IllegalStateException("a b"), true);
        String line = StandardError.line(entry);
        assertEquals(0, line.chars().filter(c -> c < ' ').count());
        String start =
                "m exception=\"java.lang.IllegalStateException: a b\" trace=\"java.lang.IllegalStateException: a b\\n\\tat ";
        assertEquals(start, line.substring(0, start.length()));
    }

    @Test
    void writesOneWholeLineInUtf8AtOnce() {
        List<String> writes = new ArrayList<>();
        StandardError sink = new StandardError(new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("a byte alone");
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                writes.add(new String(bytes, from, length, StandardCharsets.UTF_8));
            }
        });
        assertTrue(sink.write(entry("é", pair("uid", 1))));
        assertEquals(List.of("é uid=1\n"), writes);
    }

    @Test
    void closedStreamIsNoException() {
        StandardError sink = new StandardError(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("closed");
            }
        });
        assertFalse(sink.write(entry("m")));
    }
}
