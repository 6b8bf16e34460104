// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

class JournalEntryTest {
    @Test
    void plainEntryIsOneLinePerField() {
        assertDatagram(
                "PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=login of alice\nJNS_USER=alice\nJNS_UID=1001\n",
                entry("login of alice", pair("user", "alice"), pair("uid", 1001)));
    }

    @ParameterizedTest
    @CsvSource({"ERROR, 3", "WARN, 4", "INFO, 6", "DEBUG, 7", "TRACE, 7"})
    void levelBecomesSyslogPriority(Level level, String priority) {
        JournalEntry entry = JournalEntry.of(level, "m", null, null, false);
        assertDatagram("PRIORITY=" + priority + "\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=m\n", entry);
    }

    @Test
    void valueWithLineFeedsIsSentByLengthSoThatItForgesNoField() {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(utf8("PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=m\nJNS_USER\n"));
        expected.writeBytes(new byte[] {14, 0, 0, 0, 0, 0, 0, 0});
        expected.writeBytes(utf8("a\nPRIORITY=0\n\n\nJNS_UID=1\n"));
        JournalEntry entry = entry("m", pair("user", "a\nPRIORITY=0\n\n"), pair("uid", 1));
        assertArrayEquals(expected.toByteArray(), entry.datagram("jnsd"));
    }

    @Test
    void lengthCountsBytesAndIsLittleEndian() {
        String message = "\n" + "é".repeat(35_000);
        byte[] sent = entry(message).datagram("jnsd");
        int start = utf8("PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE\n").length;
        // 70001 = 0x011171
        byte[] length = new byte[8];
        System.arraycopy(sent, start, length, 0, 8);
        assertArrayEquals(new byte[] {0x71, 0x11, 0x01, 0, 0, 0, 0, 0}, length);
        assertEquals(start + 8 + 70_001 + 1, sent.length);
    }

    @Test
    void emptyAndAbsentMessagesAreEmpty() {
        assertDatagram("PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=\n", entry(""));
        assertDatagram("PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=\n", entry(null));
    }

    @Test
    void nonAsciiIsUtf8AndHalfOfASurrogatePairIsAQuestionMark() {
        byte[] sent = entry("żółw \ud83d\udc22 \ud83d").datagram("jnsd");
        assertArrayEquals(utf8("PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=żółw 🐢 ?\n"), sent);
    }

    @Test
    void nulAndOtherControlsPassUnchanged() {
        assertDatagram(
                "PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=a\0b\033[31m\r\t\177\n", entry("a\0b\033[31m\r\t\177"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "user=root",
                "a\nMESSAGE",
                "a\0",
                "a-b",
                "a.b",
                "ü",
                "ß",
                "ı",
                "ſ",
                "Ａ",
                "١",
                "a123456789b123456789c123456789d123456789e123456789f1234567890"
            })
    void keyThatIsNoFieldNameIsLeftOutAndCounted(String key) {
        assertDatagram(
                "PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=m\nJNS_UID=1\nJNS_REFUSED_KEYS=1\n",
                entry("m", pair(key, "secret"), pair("uid", 1)));
    }

    @Test
    void nullKeyIsLeftOutAndCounted() {
        assertDatagram(
                "PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=m\nJNS_REFUSED_KEYS=2\n",
                entry("m", pair(null, "a"), pair(null, "b")));
    }

    @Test
    void longestKeyMakesTheLongestNameThatJournaldTakes() {
        String key = "a".repeat(60);
        String sent = new String(entry("m", pair(key, "v")).datagram("jnsd"), StandardCharsets.UTF_8);
        assertTrue(sent.endsWith("\nJNS_" + "A".repeat(60) + "=v\n"), sent);
    }

    @Test
    void callersKeysNeverReachFieldsThatMeanSomethingToTheJournal() {
        String sent = new String(
                entry("m", pair("message", "x"), pair("_UID", "0"), pair("PRIORITY", "0"))
                        .datagram("jnsd"),
                StandardCharsets.UTF_8);
        assertEquals(
                "PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=m\nJNS_MESSAGE=x\nJNS__UID=0\nJNS_PRIORITY=0\n", sent);
    }

    @Test
    void keyIsUpperCaseInEveryLocale() {
        java.util.Locale before = java.util.Locale.getDefault();
        try {
            java.util.Locale.setDefault(new java.util.Locale("tr", "TR"));
            assertDatagram("PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=m\nJNS_UID=1\n", entry("m", pair("uid", 1)));
            assertEquals("m uid=1", StandardError.line(entry("m", pair("UID", 1))));
        } finally {
            java.util.Locale.setDefault(before);
        }
    }

    @Test
    void nullValueIsEmpty() {
        Object saysNull = new Object() {
            @Override
            public String toString() {
                return null;
            }
        };
        assertDatagram(
                "PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=m\nJNS_TTY=\nJNS_USER=\n",
                entry("m", pair("tty", null), pair("user", saysNull)));
    }

    @Test
    void valueThatCannotBePrintedCostsOnlyItself() {
        assertDatagram(
                "PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=m\nJNS_USER=(unprintable org.jns.log.JournalEntryTest$Hostile)\nJNS_UID=1\n",
                entry("m", pair("user", new Hostile()), pair("uid", 1)));
    }

    @Test
    void throwableIsOneFieldAndItsTraceStaysOut() {
        JournalEntry entry = JournalEntry.of(Level.ERROR, "m", null, new IllegalStateException("disk full"), false);
        assertDatagram(
                "PRIORITY=3\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=m\nJNS_EXCEPTION=java.lang.IllegalStateException: disk full\n",
                entry);
    }

    @Test
    void throwableWithoutMessageOrWithAHostileOneIsNamed() {
        JournalEntry silent = JournalEntry.of(Level.ERROR, "m", null, new IllegalStateException(), false);
        assertEquals(List.of(new JournalEntry.Field("EXCEPTION", "java.lang.IllegalStateException")), silent.fields());
        JournalEntry hostile = JournalEntry.of(Level.ERROR, "m", null, new HostileException(), true);
        assertEquals(
                "org.jns.log.JournalEntryTest$HostileException: (unprintable)",
                hostile.fields().get(0).value());
        assertTrue(hostile.fields().get(1).value().endsWith("(unprintable)"));
    }

    @Test
    void traceIsAFieldOfItsOwnWithItsCauses() {
        Throwable thrown = new IllegalStateException("outer", new IllegalArgumentException("inner"));
        JournalEntry entry = JournalEntry.of(Level.ERROR, "m", null, thrown, true);
        assertEquals("m", entry.message());
        assertEquals("TRACE", entry.fields().get(1).name());
        String trace = entry.fields().get(1).value();
        assertTrue(
                trace.startsWith("java.lang.IllegalStateException: outer\n\tat org.jns.log.JournalEntryTest."), trace);
        assertTrue(trace.contains("\nCaused by: java.lang.IllegalArgumentException: inner\n"), trace);
        assertFalse(trace.endsWith("\n"));
    }

    @Test
    void laterChangesToTheCallersListDoNotReachTheEntry() {
        List<KeyValuePair> pairs = new ArrayList<>(List.of(pair("uid", 1)));
        JournalEntry entry = JournalEntry.of(Level.INFO, "m", pairs, null, false);
        pairs.clear();
        assertEquals(List.of(new JournalEntry.Field("UID", "1")), entry.fields());
    }

    static JournalEntry entry(String message, KeyValuePair... pairs) {
        return JournalEntry.of(Level.INFO, message, List.of(pairs), null, false);
    }

    static KeyValuePair pair(String key, Object value) {
        return new KeyValuePair(key, value);
    }

    private static void assertDatagram(String expected, JournalEntry entry) {
        assertEquals(expected, new String(entry.datagram("jnsd"), StandardCharsets.UTF_8));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class Hostile {
        @Override
        public String toString() {
            throw new IllegalStateException("no");
        }
    }

    private static final class HostileException extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no");
        }
    }
}
