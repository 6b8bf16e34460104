// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Sharing;
import org.jns.model.Subject;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewKeyTest {
    private static final String TMP = "[tmp]\naction = private\ntarget = /tmp\n";
    private static final String LIB = "[lib]\naction = bind\nsource = /a\ntarget = /b\n";

    private static Subject alice(String service, String tty) {
        return new Subject("alice", 1001, 1001, "1001", Set.of("staff"), "/home/alice", "/bin/sh", service, tty);
    }

    private static Optional<String> key(String rules, Subject subject, Sharing usual) {
        RuleSet set = RulesParser.parse(List.of(new RulesSource("x.conf", rules.getBytes(StandardCharsets.UTF_8))))
                .rules();
        return ViewKey.of(new Selection(set.rules(), List.of()), subject, usual);
    }

    private static String key(String rules) {
        return key(rules, alice("sshd", ""), Sharing.USER).orElseThrow();
    }

    @Test
    void theSameRulesFromOtherPlacesAreTheSame() {
        assertEquals(key(TMP), key("# new\n\n[other]\ntarget = /tmp\naction = private\nonly = group:staff\n"));
    }

    @Test
    void howAndWhereFromTheUserComesIsNoMatter() {
        assertEquals(key(TMP), key(TMP, alice("cron", "pts/1"), Sharing.USER).orElseThrow());
    }

    @Test
    void unlessARuleAsksForIt() {
        String rules = "[tmp]\naction = private\ntarget = /srv/${service}\n";
        assertNotEquals(key(rules), key(rules, alice("cron", ""), Sharing.USER).orElseThrow());
    }

    @Test
    void theOrderOfRulesCounts() {
        assertNotEquals(key(TMP + LIB), key(LIB + TMP));
    }

    @Test
    void anotherRuleIsAnotherView() {
        assertNotEquals(key(TMP), key(TMP + LIB));
        assertNotEquals(key(TMP), key(TMP + "options = noexec\n"));
    }

    @Test
    void anotherUserHasAnother() {
        Subject bob = new Subject("bob", 1002, 1002, "1002", Set.of(), "/home/bob", "/bin/sh", "sshd", "");
        Subject moved = new Subject("alice", 1001, 1001, "1001", Set.of(), "/home/a", "/bin/sh", "sshd", "");
        Subject renumbered = new Subject("alice", 1003, 1001, "1001", Set.of(), "/home/alice", "/bin/sh", "sshd", "");
        for (Subject other : List.of(bob, moved, renumbered)) {
            assertNotEquals(key(TMP), key(TMP, other, Sharing.USER).orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"share = none", "per = session"})
    void oneRuleOfASessionsOwnMakesTheViewItsOwn(String line) {
        assertTrue(key(LIB + TMP + line + "\n", alice("sshd", ""), Sharing.USER).isEmpty());
    }

    @Test
    void thePolicyHoldsWhereNoRuleSaysOtherwise() {
        assertTrue(key(TMP, alice("sshd", ""), Sharing.NONE).isEmpty());
        assertTrue(key(TMP + "share = user\n", alice("sshd", ""), Sharing.NONE).isPresent());
        assertTrue(key(TMP + "share = user\n" + LIB, alice("sshd", ""), Sharing.NONE)
                .isEmpty());
    }
}
