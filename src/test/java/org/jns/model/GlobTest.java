// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.jns.ProcessorTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''", "a, a", "*, ''", "*, anything", "**, x", "?, a", "a*, a", "a*, abc", "*c, abc", "a*c, abbbc",
                "a?c, abc", "*b*, abc",
        "*a*b*c, xaxbxc", "build-*, build-7", "?*, a", "*?, ab", "a*a*a, aaaa", "[a], [a]", "a.c, a.c", "*ab, aab",
                "?, ä", "?, 🐧", "🐧*, 🐧x", "(, ("
    })
    void matches(String pattern, String text) {
        assertTrue(new Glob(pattern).matches(text));
    }

    @ParameterizedTest
    @CsvSource({
        "'', a",
        "a, ''",
        "a, A",
        "a, ab",
        "a, ba",
        "?, ''",
        "?, ab",
        "a?, a",
        "a*, ba",
        "*c, cb",
        "a*c, ab",
        "*a*b*c, xaxcxb",
        "?*, ''",
        "a.c, abc",
        "[a], a",
        "??, 🐧"
    })
    void doesNotMatch(String pattern, String text) {
        assertFalse(new Glob(pattern).matches(text));
    }

    @Test
    void noPatternTakesLong() {
        Glob glob = new Glob("*a".repeat(2000) + "b");
        String text = "a".repeat(4000);
        assertFalse(ProcessorTime.atMost(Duration.ofSeconds(5), () -> glob.matches(text)));
    }

    @Test
    void knowsWhetherItIsAPlainName() {
        assertTrue(new Glob("alice").isLiteral());
        assertFalse(new Glob("ali?e").isLiteral());
        assertFalse(new Glob("*").isLiteral());
        assertEquals("ali?e", new Glob("ali?e").pattern());
    }
}
