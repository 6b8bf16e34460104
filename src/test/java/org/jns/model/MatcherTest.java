// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatcherTest {

    private static final Subject ALICE = new Subject("alice", 1000, 100, "users", Set.of("adm", "staff"), "/home/alice", "/bin/sh", "sshd", "");

    @ParameterizedTest
    @CsvSource({"alice, true", "ali*, true", "*, true", "al?ce, true", "bob, false", "Alice, false", "alice?, false", "'', false"})
    void users(String pattern, boolean matches) {
        assertEquals(matches, new Matcher.User(new Glob(pattern)).matches(ALICE));
    }

    @ParameterizedTest
    @CsvSource({"adm, true", "staff, true", "users, false", "ad, false", "alice, false", "a*, false"})
    void groupsAreThoseThatWereLookedUp(String name, boolean matches) {
        assertEquals(matches, new Matcher.Group(name).matches(ALICE));
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000, true", "0, 999, false", "1001, 4294967294, false", "0, 1000, true", "1000, 2000, true", "1001, 999, false"})
    void bothEndsOfARangeBelongToIt(long from, long to, boolean matches) {
        assertEquals(matches, new Matcher.UidRange(from, to).matches(ALICE));
    }

    @Test
    void servicesAreTheirOwn() {
        assertTrue(new Matcher.Service(new Glob("ssh*")).matches(ALICE));
        assertFalse(new Matcher.Service(new Glob("su")).matches(ALICE));
        assertFalse(new Matcher.Service(new Glob("alice")).matches(ALICE));
    }

    @Test
    void theFirstThatMatchesIsNamed() {
        Matcher bob = new Matcher.User(new Glob("bob"));
        Matcher range = new Matcher.UidRange(1000, 1000);
        Matcher group = new Matcher.Group("adm");
        assertSame(range, Matcher.first(List.of(bob, range, group), ALICE));
        assertNull(Matcher.first(List.of(bob), ALICE));
        assertNull(Matcher.first(List.of(), ALICE));
    }

    @Test
    void textIsAsInARulesFile() {
        List<Matcher> all = List.of(
                new Matcher.User(new Glob("a*")), new Matcher.Group("adm"), new Matcher.UidRange(5, 5), new Matcher.UidRange(5, 9),
                new Matcher.Service(new Glob("su")));
        assertEquals(List.of("user:a*", "group:adm", "uid:5", "uid:5-9", "service:su"), all.stream().map(Matcher::text).toList());
    }
}
