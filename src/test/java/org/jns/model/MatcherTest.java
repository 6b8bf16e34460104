// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatcherTest {

    private static final Subject ALICE =
            new Subject("alice", 1000, 100, "users", Set.of("adm", "staff"), "/home/alice", "/bin/sh", "sshd", "");

    @ParameterizedTest
    @CsvSource({
        "alice, true",
        "ali*, true",
        "*, true",
        "al?ce, true",
        "bob, false",
        "Alice, false",
        "alice?, false",
        "'', false"
    })
    void users(String pattern, boolean matches) {
        assertEquals(matches, new Matcher.User(new Glob(pattern)).matches(ALICE, Matcher.Reading.BINDS));
    }

    @ParameterizedTest
    @CsvSource({"adm, true", "staff, true", "users, false", "ad, false", "alice, false", "a*, false"})
    void groupsAreThoseThatWereLookedUp(String name, boolean matches) {
        assertEquals(matches, new Matcher.Group(name).matches(ALICE, Matcher.Reading.BINDS));
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 1000, true",
        "0, 999, false",
        "1001, 4294967294, false",
        "0, 1000, true",
        "1000, 2000, true",
        "1001, 999, false"
    })
    void bothEndsOfARangeBelongToIt(long from, long to, boolean matches) {
        assertEquals(matches, new Matcher.UidRange(from, to).matches(ALICE, Matcher.Reading.BINDS));
    }

    @Test
    void servicesAreTheirOwn() {
        assertTrue(new Matcher.Service(new Glob("ssh*")).matches(ALICE, Matcher.Reading.BINDS));
        assertFalse(new Matcher.Service(new Glob("su")).matches(ALICE, Matcher.Reading.BINDS));
        assertFalse(new Matcher.Service(new Glob("alice")).matches(ALICE, Matcher.Reading.BINDS));
    }

    @ParameterizedTest
    @CsvSource({
        "100, 100, true",
        "27, 27, true",
        "0, 26, false",
        "28, 99, false",
        "0, 4294967294, true",
        "101, 200, false"
    })
    void aGidIsThatOfAnyGroup(long from, long to, boolean matches) {
        Subject inTwo = new Subject(
                "alice", 1000, 100, "users", Set.of(27L, 100L), Set.of(), "/home/alice", "/bin/sh", "sshd", "");
        assertEquals(matches, new Matcher.GidRange(from, to).matches(inTwo, Matcher.Reading.BINDS));
    }

    @Test
    void withoutALookUpTheOnlyGidIsThePrimaryGroups() {
        assertTrue(new Matcher.GidRange(100, 100).matches(ALICE, Matcher.Reading.BINDS));
        assertFalse(new Matcher.GidRange(0, 99).matches(ALICE, Matcher.Reading.BINDS));
        assertFalse(new Matcher.GidRange(101, Subject.MAX_ID).matches(ALICE, Matcher.Reading.BINDS));
    }

    @ParameterizedTest
    @CsvSource({
        "/bin/sh, '', true",
        "/bin/sh, /bin/sh, true",
        "/bin/bash, '', false",
        "*/nologin, /usr/sbin/nologin, true",
        "/bin/*sh, /bin/zsh, true",
        "/bin/*, /usr/bin/zsh, false",
        "?bin/sh, /bin/sh, true"
    })
    void noShellIsTheBourneShell(String pattern, String shell, boolean matches) {
        Subject subject = new Subject("alice", 1000, 100, "users", Set.of(), "/home/alice", shell, "sshd", "");
        assertEquals(matches, new Matcher.Shell(new Glob(pattern)).matches(subject, Matcher.Reading.BINDS));
    }

    @ParameterizedTest
    @CsvSource({
        "tty1, tty1, true",
        "tty1, /dev/tty1, true",
        "/dev/tty1, tty1, true",
        "/dev/tty1, /dev/tty1, true",
        "pts/*, /dev/pts/7, true",
        "tty*, pts/7, false",
        ":*, :0, true",
        "*, '', true",
        "?*, '', false",
        "ssh, ssh, true",
        "dev/tty1, /dev/tty1, false"
    })
    void terminalsAreNamedWithTheirFolderOrWithout(String pattern, String tty, boolean matches) {
        Subject subject = new Subject("alice", 1000, 100, "users", Set.of(), "/home/alice", "", "login", tty);
        assertEquals(matches, new Matcher.Tty(new Glob(pattern)).matches(subject, Matcher.Reading.BINDS));
    }

    @Test
    void aListIsForThoseWhomOneMatchesAndNoneTakesOut() {
        Matcher alice = new Matcher.User(new Glob("alice"));
        Matcher bob = new Matcher.User(new Glob("bob"));
        Matcher group = new Matcher.Group("adm");
        assertTrue(Matcher.matches(List.of(), ALICE, Matcher.Reading.BINDS));
        assertTrue(Matcher.matches(List.of(bob, alice), ALICE, Matcher.Reading.BINDS));
        assertFalse(Matcher.matches(List.of(bob), ALICE, Matcher.Reading.BINDS));
        assertTrue(Matcher.matches(List.of(new Matcher.Not(bob)), ALICE, Matcher.Reading.BINDS));
        assertFalse(Matcher.matches(List.of(new Matcher.Not(alice)), ALICE, Matcher.Reading.BINDS));
        assertTrue(Matcher.matches(List.of(new Matcher.Not(bob), group), ALICE, Matcher.Reading.BINDS));
        assertFalse(Matcher.matches(List.of(group, new Matcher.Not(alice)), ALICE, Matcher.Reading.BINDS));
        assertFalse(Matcher.matches(List.of(new Matcher.Not(bob), bob), ALICE, Matcher.Reading.BINDS));
        assertFalse(
                Matcher.matches(List.of(new Matcher.Not(bob), new Matcher.Not(alice)), ALICE, Matcher.Reading.BINDS));
    }

    @Test
    void whatMustBeLookedUpIsFoundUnderItsNegationToo() {
        Matcher user = new Matcher.User(new Glob("x"));
        Matcher not = new Matcher.Not(new Matcher.Group("a"));
        assertEquals(
                Set.of("a", "b"), Matcher.groupsNamed(List.of(List.of(user, new Matcher.Group("b")), List.of(not))));
        assertEquals(Set.of(), Matcher.groupsNamed(List.of(List.of(user), List.of())));
        assertFalse(Matcher.goesByGid(List.of(List.of(user, not), List.of())));
        assertTrue(Matcher.goesByGid(List.of(List.of(user), List.of(new Matcher.Not(new Matcher.GidRange(1, 2))))));
    }

    @Test
    void textIsAsInARulesFile() {
        List<Matcher> all = List.of(
                new Matcher.User(new Glob("a*")),
                new Matcher.Group("adm"),
                new Matcher.UidRange(5, 5),
                new Matcher.UidRange(5, 9),
                new Matcher.Service(new Glob("su")),
                new Matcher.GidRange(5, 5),
                new Matcher.GidRange(5, 9),
                new Matcher.Shell(new Glob("/bin/*")),
                new Matcher.Tty(new Glob("/dev/tty?")),
                new Matcher.Not(new Matcher.Group("adm")));
        assertEquals(
                List.of(
                        "user:a*",
                        "group:adm",
                        "uid:5",
                        "uid:5-9",
                        "service:su",
                        "gid:5",
                        "gid:5-9",
                        "shell:/bin/*",
                        "tty:/dev/tty?",
                        "!group:adm"),
                all.stream().map(Matcher::text).toList());
    }
}
