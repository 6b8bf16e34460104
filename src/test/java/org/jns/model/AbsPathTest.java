// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbsPathTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "//, /",
        "/a, /a",
        "/a/, /a",
        "//a///b//, /a/b",
        "/...,/...",
        "/a/.b/..c, /a/.b/..c",
        "'/a b', '/a b'",
        "/ä/漢, /ä/漢",
        "/-x, /-x"
    })
    void hasOneSpelling(String text, String value) {
        assertEquals(value, AbsPath.of(text).value());
        assertEquals(AbsPath.of(value), AbsPath.of(text));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "``, '' is not an absolute path",
                "tmp, 'tmp' is not an absolute path",
                "./tmp, './tmp' is not an absolute path",
                "~/x, '~/x' is not an absolute path",
                "/tmp/../etc, path '/tmp/../etc' has the component '..'",
                "/.., path '/..' has the component '..'",
                "/tmp/., path '/tmp/.' has the component '.'",
            })
    void refuses(String text, String complaint) {
        assertEquals(complaint, complaintOf(text));
    }

    @Test
    void refusesControlCharactersAndShowsThemEscaped() {
        for (String c : List.of("\n", "\0", "\u001b", "\u007f", "\u0085", "\u200e", "\u2028", "\ud800")) {
            String complaint = complaintOf("/a" + c + "b");
            assertTrue(
                    complaint.startsWith("path '/a\\u") && complaint.endsWith("b' has a control character"), complaint);
            assertTrue(Printable.is(complaint));
        }
    }

    @Test
    void lengthsAreThoseOfTheKernel() {
        AbsPath.of("/" + "n".repeat(255));
        assertTrue(complaintOf("/" + "n".repeat(256)).endsWith("has a component of more than 255 bytes"));
        AbsPath.of("/" + "ä".repeat(127));
        assertTrue(complaintOf("/" + "ä".repeat(128)).endsWith("has a component of more than 255 bytes"));
        AbsPath.of("/123456789".repeat(409) + "/1234");
        assertEquals("path is longer than 4095 bytes", complaintOf("/123456789".repeat(409) + "/12345"));
        assertEquals("path is longer than 4095 bytes", complaintOf("/漢漢漢".repeat(410)));
    }

    @Test
    void onlyTheOneSpellingCanBeConstructed() {
        for (String value : List.of("", "a", "//", "/a/", "/a//b", "/.", "/a/..")) {
            assertThrows(IllegalArgumentException.class, () -> new AbsPath(value), value);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/a, /a, at",
        "/a/b, /a, below",
        "/a/b/c, /a, below",
        "/a, /a/b, elsewhere",
        "/ab, /a, elsewhere",
        "/a, /ab, elsewhere",
        "/a, /, below",
        "/, /, at",
        "/, /a, elsewhere",
        "/usr/lib32, /usr/lib, elsewhere"
    })
    void knowsWhatIsBelowWhat(String path, String other, String relation) {
        AbsPath a = AbsPath.of(path);
        AbsPath b = AbsPath.of(other);
        assertEquals(relation.equals("below"), a.isBelow(b));
        assertEquals(!relation.equals("elsewhere"), a.isAtOrBelow(b));
    }

    @Test
    void hasPartsAndAParent() {
        AbsPath path = AbsPath.of("/a/b");
        assertEquals(AbsPath.of("/a"), path.parent());
        assertEquals(AbsPath.ROOT, path.parent().parent());
        assertEquals(AbsPath.ROOT, AbsPath.ROOT.parent());
        assertEquals("b", path.name());
        assertEquals("", AbsPath.ROOT.name());
        assertEquals(List.of("a", "b"), path.components());
        assertEquals(List.of(), AbsPath.ROOT.components());
        assertEquals(AbsPath.of("/a/b/c"), path.child("c"));
        assertEquals(AbsPath.of("/c"), AbsPath.ROOT.child("c"));
        assertThrows(IllegalArgumentException.class, () -> path.child(".."));
        assertThrows(IllegalArgumentException.class, () -> path.child("c/../d"));
        assertTrue(AbsPath.ROOT.isRoot() && !path.isRoot());
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b/c, /a, /x, /x/b/c",
        "/a, /a, /x, /x",
        "/a/b, /, /x, /x/a/b",
        "/a/b, /a, /, /b",
        "/, /, /x, /x",
        "/a/b, /a/b, /, /"
    })
    void isRebased(String path, String from, String to, String result) {
        assertEquals(AbsPath.of(result), AbsPath.of(path).rebase(AbsPath.of(from), AbsPath.of(to)));
    }

    @Test
    void isRebasedFromAFolderAboveOnly() {
        AbsPath path = AbsPath.of("/usr/lib/x");
        assertThrows(IllegalArgumentException.class, () -> path.rebase(AbsPath.of("/lib"), AbsPath.of("/srv")));
        assertThrows(
                IllegalArgumentException.class, () -> path.rebase(AbsPath.of("/usr/lib/x/y/z"), AbsPath.of("/srv")));
        assertThrows(IllegalArgumentException.class, () -> path.rebase(AbsPath.of("/usr/li"), AbsPath.of("/srv")));
    }

    @Test
    void isOrderedAsText() {
        assertTrue(AbsPath.of("/a").compareTo(AbsPath.of("/b")) < 0);
        assertFalse(AbsPath.of("/a").compareTo(AbsPath.of("/a")) != 0);
    }

    private static String complaintOf(String text) {
        return assertThrows(IllegalArgumentException.class, () -> AbsPath.of(text), text)
                .getMessage();
    }
}
