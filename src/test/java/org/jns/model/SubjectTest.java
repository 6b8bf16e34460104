// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names and numbers a user may have. */
class SubjectTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "alice",
                "Alice",
                "a.b",
                "a-b",
                "_x",
                "jörg",
                "DOM\\alice",
                "alice@example.org",
                "a b",
                "1000",
                "...",
                "x$",
                "%s"
            })
    void namesThatAUserDatabaseMayHold(String name) {
        assertDoesNotThrow(() -> subject(name, 1, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/b",
                "../../etc",
                "/",
                "-x",
                "-",
                "a:b",
                "a\nb",
                "a\u0000",
                "\u001b[2J",
                "a\u202eb",
                "\ud800"
            })
    void namesThatCouldBeReadAsSomethingElse(String name) {
        String why = assertThrows(IllegalArgumentException.class, () -> subject(name, 1, 1))
                .getMessage();
        assertTrue(Printable.is(why) && why.contains("user name"), why);
    }

    @Test
    void namesHaveTheLengthThatLinuxAllows() {
        assertDoesNotThrow(() -> subject("u".repeat(256), 1, 1));
        assertThrows(IllegalArgumentException.class, () -> subject("u".repeat(257), 1, 1));
        assertThrows(IllegalArgumentException.class, () -> subject("ü".repeat(129), 1, 1));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> subject("/".repeat(300_000), 1, 1))
                        .getMessage()
                        .length()
                < 300);
    }

    @Test
    void numbersAreThoseOfTheKernel() {
        assertTrue(subject("a", 0, 5).isRoot());
        assertTrue(!subject("a", 0xfffffffeL, 0xfffffffeL).isRoot());
        for (long bad : new long[] {-1, 0xffffffffL, 1L << 32, Long.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> subject("a", bad, 0));
            assertThrows(IllegalArgumentException.class, () -> subject("a", 0, bad));
        }
    }

    private static Subject subject(String name, long uid, long gid) {
        return new Subject(name, uid, gid, "g", Set.of(), "/h", "/bin/sh", "sshd", "");
    }
}
