// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jns.config.Settings;
import org.jns.model.Glob;
import org.jns.model.Matcher;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;

class AdviceTest {

    private final List<String> asked = new ArrayList<>();

    private final Advice.People people = new Advice.People() {
        @Override
        public boolean hasUser(String name) {
            asked.add(name);
            return Set.of("alice", "bob").contains(name);
        }

        @Override
        public boolean hasGroup(String name) {
            asked.add(name);
            return name.equals("staff");
        }
    };

    private static RulesSource source(String name, String text) {
        return new RulesSource(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> advice(RulesSource... sources) {
        Parsed parsed = RulesParser.parse(List.of(sources));
        assertFalse(parsed.hasErrors(), parsed.problems().toString());
        List<Problem> problems = Advice.on(parsed.rules(), List.of(sources), people);
        assertTrue(problems.stream().noneMatch(Problem::isError));
        return problems.stream().map(Problem::toString).toList();
    }

    private static String rule(String name, String... lines) {
        return "[" + name + "]\naction = private\ntarget = /" + name + "\n" + String.join("\n", lines) + "\n";
    }

    @Test
    void anUnknownNameIsToldWithItsPlace() {
        assertEquals(
                List.of(
                        "two:9:12: warning: there is no group 'staf' on this machine",
                        "two:9:24: warning: there is no user 'bobb' on this machine",
                        "two:10:10: warning: there is no user 'carol' on this machine"),
                advice(
                        source("one", rule("a", "only = user:alice")),
                        source(
                                "two",
                                rule("b", "only = group:staff", "")
                                        + rule(
                                                "c",
                                                "only =     group:staf, user:bobb, user:bob",
                                                "except = user:carol"))));
    }

    @Test
    void aRuleWhoseWholeListIsUnknownIsForNobody() {
        assertEquals(
                List.of(
                        "one:4:8: warning: there is no user 'carol' on this machine",
                        "one:4:20: warning: there is no group 'guests' on this machine",
                        "one:1:1: warning: rule [a] is for nobody today: nobody in its list exists on this machine"),
                advice(source("one", rule("a", "only = user:carol, group:guests"))));
    }

    @Test
    void whatMayMatchSomebodyIsNotDoubted() {
        assertEquals(
                List.of(),
                advice(source(
                        "one", rule("a", "only = user:c*, uid:70000, service:no-such-service", "except = user:?x"))));
        assertEquals(List.of(), asked);
    }

    @Test
    void whoIsTakenOutIsLookedForToo() {
        Rule read = RulesParser.parse(List.of(source("one", rule("a"))))
                .rules()
                .rules()
                .get(0);
        Matcher.Not notCarol = new Matcher.Not(new Matcher.User(new Glob("carol")));
        Rule rule = new Rule(read.name(), read.at(), List.of(notCarol), List.of(), read.directive());
        assertEquals(
                List.of("one:1:1: warning: there is no user 'carol' on this machine"),
                Advice.on(new RuleSet(List.of(rule)), List.of(), people).stream()
                        .map(Problem::toString)
                        .toList());
    }

    @Test
    void theSettingsAreAskedAboutToo() {
        Settings.Loaded loaded =
                Settings.parse(source("jns.conf", "[policy]\nmust-match = group:staff, group:agents\n"));
        assertEquals(List.of(), loaded.problems());
        assertEquals(
                List.of("jns.conf:2:27: warning: there is no group 'agents' on this machine"),
                Advice.on(loaded, people).stream().map(Problem::toString).toList());
    }

    @Test
    void eachNameIsAskedForOnce() {
        assertEquals(
                1,
                advice(source("one", rule("a", "only = user:carol, user:alice") + rule("b", "except = user:carol")))
                        .size());
        assertEquals(List.of("carol", "alice"), asked);
    }

    @Test
    void namesAreNotAskedForWithoutEnd() {
        StringBuilder list = new StringBuilder();
        for (int r = 0; r < 20; r++) {
            StringBuilder users = new StringBuilder("only = user:alice");
            for (int i = 0; i < 100; i++) {
                users.append(", user:u").append(r).append('-').append(i);
            }
            list.append(rule("r" + r, users.toString()));
        }
        List<String> advice = advice(source("one", list.toString()));
        assertEquals(Advice.MOST_NAMES, asked.size());
        // All except alice are unknown, and the rest is reported once.
        assertEquals(Advice.MOST_NAMES, advice.size());
        assertTrue(advice.get(advice.size() - 1).contains("was not looked up"), advice.get(advice.size() - 1));
    }
}
