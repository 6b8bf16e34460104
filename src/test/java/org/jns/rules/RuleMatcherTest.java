// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleMatcherTest {

    /** uid 1000, groups alice and adm, by sshd. */
    private static final Subject ALICE =
            new Subject("alice", 1000, 1000, "alice", Set.of("alice", "adm"), "/home/alice", "/bin/sh", "sshd", "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // only | except | why not
                "-                          | -                          | -",
                "user:alice                 | -                          | -",
                "user:bob                   | -                          | only user:bob",
                "user:Alice                 | -                          | only user:Alice",
                "user:bob, user:al*         | -                          | -",
                "user:?lice                 | -                          | -",
                "user:?alice                | -                          | only user:?alice",
                "user:*                     | -                          | -",
                "user:ali                   | -                          | only user:ali",
                "group:alice                | -                          | -",
                "group:adm                  | -                          | -",
                "group:wheel, group:sudo    | -                          | only group:wheel, group:sudo",
                "uid:1000                   | -                          | -",
                "uid:999                    | -                          | only uid:999",
                "uid:1000-1000              | -                          | -",
                "uid:0-1000                 | -                          | -",
                "uid:1001-4294967294        | -                          | only uid:1001-4294967294",
                "service:sshd               | -                          | -",
                "service:su*, service:login | -                          | only service:su*, service:login",
                "service:*d                 | -                          | -",
                "-                          | user:root                  | -",
                "-                          | user:alice                 | except user:alice",
                "-                          | user:root, group:adm       | except group:adm",
                "user:alice                 | user:alice                 | except user:alice",
                "user:bob                   | service:ss*                | except service:ss*",
                "group:adm                  | uid:1000-1999              | except uid:1000-1999",
                "group:adm                  | uid:2000-2999, service:su  | -",
                "!user:bob                  | -                          | -",
                "!user:alice                | -                          | only !user:alice",
                "group:adm, !user:alice     | -                          | only group:adm, !user:alice",
                "!user:bob, group:adm       | -                          | -",
                "group:wheel, !user:bob     | -                          | only group:wheel, !user:bob",
                "-                          | !user:alice                | -",
                "-                          | !user:bob                  | except !user:bob",
                "-                          | group:adm, !user:alice     | -",
                "-                          | !user:bob, group:adm       | except group:adm",
                "gid:1000                   | -                          | -",
                "gid:0-999                  | -                          | only gid:0-999",
                "shell:*/sh                 | -                          | -",
                "shell:/bin/bash            | -                          | only shell:/bin/bash",
                "tty:?*                     | -                          | only tty:?*",
                "!tty:?*                    | -                          | -",
                "user:a,user:b,user:c,user:d,user:e,user:f,user:g | -    | only user:a, user:b, user:c, user:d, user:e and 2 more",
            })
    void exceptWinsOverOnly(String only, String except, String whyNot) {
        String text = "[r]\naction = hide\ntarget = /x\n" + (only == null ? "" : "only = " + only + "\n")
                + (except == null ? "" : "except = " + except + "\n");
        Selection selection = RuleMatcher.select(Texts.parse(text).rules(), ALICE);
        assertEquals(whyNot == null ? 1 : 0, selection.chosen().size());
        assertEquals(
                whyNot == null ? List.of() : List.of(whyNot),
                selection.passedOver().stream()
                        .map(rule -> RuleMatcher.whyNot(rule, ALICE))
                        .toList());
    }

    @Test
    void theOrderOfTheRulesStays() {
        Selection selection = RuleMatcher.select(
                Texts.parse(
                                """
                [z]
                action = hide
                target = /z
                [no]
                action = hide
                target = /n
                only = user:bob
                [a]
                action = hide
                target = /a
                """)
                        .rules(),
                ALICE);
        assertEquals(
                List.of("z", "a"), selection.chosen().stream().map(Rule::name).toList());
        assertEquals("no", selection.passedOver().get(0).name());
        assertFalse(selection.isEmpty());
    }

    @Test
    void aThousandRulesSelectThoseOfTheSubject() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append("[r")
                    .append(i)
                    .append("]\naction = hide\ntarget = /x/")
                    .append(i)
                    .append("\nonly = uid:")
                    .append(i * 10)
                    .append('-')
                    .append(i * 10 + 9)
                    .append(i % 100 == 7 ? ", group:adm" : ", user:u" + i + "*")
                    .append("\nexcept = service:svc")
                    .append(i)
                    .append(i == 607 ? ", user:*ice\n" : "\n");
        }
        Parsed parsed = Texts.parse(text.toString());
        assertEquals(List.of(), parsed.problems());
        Selection selection = RuleMatcher.select(parsed.rules(), ALICE);
        assertEquals(
                List.of("r7", "r100", "r107", "r207", "r307", "r407", "r507", "r707", "r807", "r907"),
                selection.chosen().stream().map(Rule::name).toList());
        assertEquals(990, selection.passedOver().size());
        assertTrue(selection.passedOver().stream()
                .anyMatch(r ->
                        r.name().equals("r607") && RuleMatcher.whyNot(r, ALICE).equals("except user:*ice")));
    }
}
