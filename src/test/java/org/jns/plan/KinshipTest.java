// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Sharing;
import org.jns.model.Subject;
import org.jns.rules.RuleMatcher;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KinshipTest {
    private static final String TMP = "[tmp]\naction = tmpfs\ntarget = /tmp\n";
    private static final String HIDE = "[hide]\naction = hide\ntarget = /srv/hidden\n";
    private static final Subject ALICE = subject("alice", 1001, 1001, "/home/alice", "sshd");

    private static Subject subject(String name, long uid, long gid, String home, String service) {
        return new Subject(name, uid, gid, Long.toString(gid), Set.of(), home, "/bin/sh", service, "pts/1");
    }

    /** A view, as far as this test needs it. */
    private record Made(String key, List<String> rules) {}

    private static RuleSet parsed(String text) {
        return RulesParser.parse(List.of(new RulesSource("x.conf", text.getBytes(StandardCharsets.UTF_8))))
                .rules();
    }

    private static Made made(String rules, Subject subject) {
        Selection selection = RuleMatcher.select(parsed(rules), subject);
        String key = ViewKey.of(selection, subject, Sharing.USER).orElse("");
        return new Made(key, selection.chosen().stream().map(Rule::name).toList());
    }

    /**
     * Whether the first login's view shares something with the view of the second login, after the rules have changed.
     */
    private static boolean areKin(Made older, String rules, Subject subject) {
        Made now = made(rules, subject);
        return new Kinship(parsed(rules), now.key(), now.rules()).with(older.key(), older.rules());
    }

    @Test
    @DisplayName("[C6] A rule more, a rule less and another one make no difference")
    void rulesChange() {
        Made older = made(TMP, ALICE);
        assertTrue(areKin(older, TMP + HIDE, ALICE));
        assertTrue(areKin(older, HIDE, ALICE));
        assertTrue(areKin(made(TMP + HIDE, ALICE), TMP, ALICE));
        assertTrue(areKin(older, TMP, subject("alice", 1001, 1001, "/home/alice", "cron")));
    }

    @Test
    void aViewWithoutSomeVolumesIsKin() {
        Made older = made(TMP, ALICE);
        Made without = new Made(ViewKey.without(older.key(), List.of("vault", "other")), older.rules());
        assertTrue(areKin(without, TMP + HIDE, ALICE));
        Kinship ofOneWithout = new Kinship(
                parsed(TMP + HIDE),
                ViewKey.without(made(TMP + HIDE, ALICE).key(), List.of("vault")),
                List.of("tmp", "hide"));
        assertTrue(ofOneWithout.with(older.key(), older.rules()));
    }

    @Test
    void anotherUserIsNone() {
        Made older = made(TMP, ALICE);
        for (Subject other : List.of(
                subject("bob", 1001, 1001, "/home/alice", "sshd"),
                subject("alice", 1002, 1001, "/home/alice", "sshd"),
                subject("alice", 1001, 1002, "/home/alice", "sshd"),
                subject("alice", 1001, 1001, "/home/other", "sshd"))) {
            assertFalse(areKin(older, TMP + HIDE, other));
        }
    }

    /** If an empty line may be the user's or end a rule. */
    @Test
    void aUserWithoutAHomeHasNoKin() {
        Subject homeless = subject("alice", 1001, 1001, "", "sshd");
        assertFalse(areKin(made(TMP, homeless), TMP + HIDE, homeless));
        assertEquals("", ViewKey.user(""));
    }

    @Test
    void aViewOfASessionsOwnIsNone() {
        assertFalse(areKin(made(TMP + "share = none\n", ALICE), TMP, ALICE));
        assertFalse(areKin(made(TMP, ALICE), TMP + "share = none\n", ALICE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "only = service:cron",
                "except = service:s*",
                "only = user:alice, !service:sshd",
                "only = tty:console",
                "except = tty:pts/*"
            })
    void whoComesByARuleOfTheirOwnIsNone(String line) {
        String rules = TMP + HIDE + line + "\n";
        Subject apart = new Subject("alice", 1001, 1001, "1001", Set.of(), "/home/alice", "/bin/sh", "cron", "console");
        Made open = made(rules, ALICE);
        Made hidden = made(rules, apart);
        assertEquals(List.of("tmp"), open.rules());
        assertEquals(List.of("tmp", "hide"), hidden.rules());
        assertFalse(areKin(open, rules, apart));
        assertFalse(areKin(hidden, rules, ALICE));
        String changed = rules + "[new]\naction = hide\ntarget = /srv/other\n";
        assertFalse(areKin(open, changed, apart));
        assertTrue(areKin(open, changed, ALICE));
        assertTrue(areKin(hidden, changed, apart));
    }

    @Test
    void anotherServiceIsNoneWhereARuleAsksForIt() {
        String rules = TMP + "[of]\naction = private\ntarget = /srv/${service}\n";
        Subject byCron = subject("alice", 1001, 1001, "/home/alice", "cron");
        assertFalse(areKin(made(rules, ALICE), rules + HIDE, byCron));
        assertTrue(areKin(made(rules, ALICE), rules + HIDE, ALICE));
    }
}
