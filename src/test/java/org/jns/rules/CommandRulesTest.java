// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** [A2] A view for one command has every rule that one of the user's sessions may have. */
class CommandRulesTest {

    private static Subject alice(String service, String tty) {
        return new Subject(
                "alice", 1000, 1000, "alice", Set.of("alice", "adm"), "/home/alice", "/bin/sh", service, tty);
    }

    private static RuleSet parsed(String text) {
        Parsed parsed = RulesParser.parse(
                List.of(new RulesSource("x.conf", text.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        assertEquals(
                List.of(), parsed.problems().stream().filter(p -> p.isError()).toList());
        return parsed.rules();
    }

    private static String rule(String name, String only, String except) {
        return "[" + name + "]\naction = tmpfs\ntarget = /" + name + "\n"
                + (only == null ? "" : "only = " + only + "\n") + (except == null ? "" : "except = " + except + "\n");
    }

    private static List<String> chosen(RuleSet rules, String name) {
        Optional<Selection> selection = CommandRules.select(rules, alice("jnsrun", ""), name);
        return selection.map(s -> s.chosen().stream().map(Rule::name).toList()).orElse(List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // only | except | whether it applies in addition to another that is named
                "-                          | -                            | yes",
                "user:alice                 | -                            | yes",
                "user:bob                   | -                            | no",
                "-                          | user:alice                   | no",
                "-                          | group:adm                    | no",
                "service:sshd               | -                            | yes",
                "service:sshd, service:su   | user:bob                     | yes",
                "user:alice, service:sshd   | -                            | yes",
                "user:bob, tty:pts/*        | -                            | yes",
                "tty:tty1                   | -                            | yes",
                "-                          | service:cron                 | yes",
                "-                          | service:sshd                 | yes",
                "-                          | service:*                    | no",
                "-                          | tty:*                        | no",
                "-                          | tty:pts/*                    | yes",
                "-                          | service:j*                   | yes",
                "-                          | !service:sshd                | yes",
                "-                          | !service:jnsrun              | no",
                "!service:cron              | -                            | yes",
                "!user:alice                | -                            | no",
                "service:*                  | -                            | yes",
                // For commands, and for no session: it applies if it is named.
                "service:jnsrun             | -                            | no",
                "service:jns*               | -                            | yes",
                // The admin says so explicitly.
                "-                          | service:jnsrun               | no",
                "-                          | user:root, service:jnsrun    | no",
                "!service:jnsrun            | -                            | no",
                "-                          | service:jnsrun, !user:alice  | yes",
                "-                          | service:jnsrun, !user:bob    | no",
            })
    void holds(String only, String except, String holds) {
        RuleSet rules = parsed(rule("named", null, null) + rule("other", only, except));
        assertEquals(holds.equals("yes") ? List.of("named", "other") : List.of("named"), chosen(rules, "named"));
    }

    @Test
    void theNamedOneIsForWhomItIs() {
        RuleSet rules = parsed(rule("a", "service:jnsrun", null)
                + rule("b", "service:sshd", null)
                + rule("c", null, "service:jnsrun")
                + rule("d", "user:bob", null));
        assertEquals(List.of("a", "b"), chosen(rules, "a"));
        for (String name : List.of("b", "c", "d", "e", "")) {
            assertTrue(CommandRules.select(rules, alice("jnsrun", ""), name).isEmpty(), name);
        }
    }

    /** Whatever the lists, a rule of a session is left out only if it names the service of commands. */
    @Test
    void neverLessThanASession() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        String[] selectors = {
            "user:alice",
            "user:b*",
            "group:adm",
            "group:wheel",
            "service:sshd",
            "service:s*",
            "service:*",
            "tty:tty1",
            "tty:*",
            "uid:1000",
            "shell:/bin/sh"
        };
        for (int i = 0; i < 3000; i++) {
            String text = rule("named", null, null);
            for (int j = 0; j < 4; j++) {
                text += rule("r" + j, list(random, selectors), list(random, selectors));
            }
            Parsed parsed = RulesParser.parse(
                    List.of(new RulesSource("x.conf", text.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
            if (parsed.problems().stream().anyMatch(p -> p.isError())) {
                continue;
            }
            List<String> fresh = chosen(parsed.rules(), "named");
            for (String service : List.of("sshd", "su", "login", "x")) {
                for (String tty : List.of("", "tty1", "pts/0")) {
                    for (Rule rule : RuleMatcher.select(parsed.rules(), alice(service, tty))
                            .chosen()) {
                        assertTrue(
                                fresh.contains(rule.name()),
                                rule.name() + " by " + service + " at '" + tty + "' in\n" + text);
                    }
                }
            }
        }
    }

    private static String list(RandomGenerator random, String[] selectors) {
        int count = random.nextInt(4);
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < count; i++) {
            list.append(i == 0 ? "" : ", ")
                    .append(random.nextInt(3) == 0 ? "!" : "")
                    .append(selectors[random.nextInt(selectors.length)]);
        }
        return count == 0 ? null : list.toString();
    }
}
