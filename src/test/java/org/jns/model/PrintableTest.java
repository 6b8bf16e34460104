// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void plainTextIsLeftAsItIs() {
        for (String text : new String[] {"", "abc", "a b", "äöü", "漢字", "🐧", "e\u0301", "\\u000a", "100%"}) {
            assertTrue(Printable.is(text), text);
            assertEquals(text, Printable.of(text));
        }
    }

    @Test
    void whatWouldChangeALineIsEscaped() {
        String[][] table = {
            {"a\nb", "a\\u000ab"},
            {"\r", "\\u000d"},
            {"\t", "\\u0009"},
            {"\0", "\\u0000"},
            {"\u001b[2J", "\\u001b[2J"},
            {"\u007f", "\\u007f"},
            {"\u009b", "\\u009b"},
            {"\u200b", "\\u200b"},
            {"\u202e", "\\u202e"},
            {"\u2028", "\\u2028"},
            {"\u2029", "\\u2029"},
            {"\ufeff", "\\ufeff"},
            {"\ud83d", "\\ud83d"},
            {"\udc27x", "\\udc27x"},
            {"\udc27\ud83d", "\\udc27\\ud83d"},
            // A tag character: invisible, and outside the first plane.
            {"a\udb40\udc41", "a\\udb40\\udc41"},
        };
        for (String[] row : table) {
            assertFalse(Printable.is(row[0]), row[1]);
            assertEquals(row[1], Printable.of(row[0]));
        }
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertEquals("a".repeat(200), Printable.of("a".repeat(200)));
        assertEquals("a".repeat(200) + "...", Printable.of("a".repeat(201)));
        assertEquals("a".repeat(199) + "🐧...", Printable.of("a".repeat(199) + "🐧🐧"));
    }

    @Test
    void whatComesOutIsAlwaysPrintableAndShort() {
        Random random = new Random(1);
        for (int i = 0; i < 5000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(300);
            while (text.length() < length) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x100) : random.nextInt(0x10000)));
            }
            String shown = Printable.of(text.toString());
            assertTrue(Printable.is(shown) && shown.length() <= 215, shown);
        }
    }
}
