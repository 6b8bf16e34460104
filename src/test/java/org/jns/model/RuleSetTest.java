// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a login must look up for a set of rules, and what it need not. */
class RuleSetTest {

    private static Rule rule(List<Matcher> only, List<Matcher> except, Directive directive) {
        return new Rule("r", new Position("x.conf", 3, 1), only, except, directive);
    }

    private static Directive.PrivateDir targets(String... paths) throws PathTemplate.SyntaxError {
        List<PathTemplate> targets = new ArrayList<>();
        for (String path : paths) {
            targets.add(PathTemplate.parse(path));
        }
        return new Directive.PrivateDir(targets, MountOptions.NONE);
    }

    @Test
    void mentionsTheGroupsOfBothLists() throws PathTemplate.SyntaxError {
        Matcher user = new Matcher.User(new Glob("x"));
        RuleSet rules = new RuleSet(List.of(
                rule(List.of(new Matcher.Group("b"), user), List.of(new Matcher.Group("a")), targets("/x")),
                rule(List.of(), List.of(new Matcher.Group("b")), targets("/y"))));
        assertEquals(Set.of("a", "b"), Matcher.groupsNamed(rules.lists()));
        assertEquals(List.of(), RuleSet.EMPTY.lists());
    }

    @Test
    void asksForTheGroupsNameOnlyWhereAPathHasIt() throws PathTemplate.SyntaxError {
        assertFalse(RuleSet.EMPTY.usesGroupVariable());
        assertFalse(new RuleSet(List.of(rule(List.of(new Matcher.Group("g")), List.of(), targets("/${gid}", "/x"))))
                .usesGroupVariable());
        assertTrue(
                new RuleSet(List.of(rule(List.of(), List.of(), targets("/x", "/srv/${group}")))).usesGroupVariable());
        Directive bind = new Directive.Bind(
                PathTemplate.parse("/srv/${group}"), List.of(PathTemplate.parse("/x")), MountOptions.NONE);
        assertTrue(new RuleSet(List.of(rule(List.of(), List.of(), bind))).usesGroupVariable());
    }

    @Test
    void ownersAreLookedUpAnewEachTime() throws PathTemplate.SyntaxError {
        Creation create = new Creation(
                0755,
                new Creation.Named("web", OptionalLong.empty()),
                Optional.of(new Creation.Named("web", OptionalLong.of(7))));
        Rule rule = rule(List.of(), List.of(), targets("/x")).with(Terms.USUAL.withCreate(create));
        RuleSet rules = new RuleSet(List.of(rule, rule(List.of(), List.of(), targets("/y"))));
        RuleSet resolved = rules.resolved(user -> OptionalLong.of(33), group -> OptionalLong.empty());
        assertEquals(
                new Creation(
                        0755,
                        new Creation.Named("web", OptionalLong.of(33)),
                        Optional.of(new Creation.Named("web", OptionalLong.empty()))),
                resolved.rules().get(0).terms().create().orElseThrow());
        assertEquals(rules.rules().get(1), resolved.rules().get(1));
        Creation numbers = new Creation(0700, new Creation.OfSubject(), Optional.of(new Creation.Numbered(5)));
        assertEquals(numbers, numbers.resolved(user -> OptionalLong.of(33), group -> OptionalLong.of(34)));
    }

    @Test
    void groupVariableMayStandInAProgramOrItsArguments() throws PathTemplate.SyntaxError {
        for (List<String> run :
                List.of(List.of("/x/${group}", "a"), List.of("/x", "of ${group}"), List.of("/x", "${user}${group}"))) {
            assertTrue(new RuleSet(List.of(run(run.get(0), run.get(1)))).usesGroupVariable(), run.toString());
        }
        assertFalse(new RuleSet(List.of(run("/x/${user}", "${home}, ${gid}"))).usesGroupVariable());
    }

    private static Rule run(String program, String argument) throws PathTemplate.SyntaxError {
        Directive run =
                new Directive.Run(PathTemplate.parse(program), List.of(ArgumentTemplate.parse(argument)), 1000, false);
        return new Rule("r", new Position("x.conf", 1, 1), List.of(), List.of(), run);
    }

    @Test
    void nobodyChangesItLater() throws PathTemplate.SyntaxError {
        List<Rule> list = new ArrayList<>(List.of(rule(List.of(), List.of(), targets("/x"))));
        RuleSet rules = new RuleSet(list);
        list.clear();
        assertEquals(1, rules.rules().size());
        assertThrows(UnsupportedOperationException.class, () -> rules.rules().clear());
    }

    @Test
    void placesAreShownAsEditorsTakeThem() {
        Position at = new Position("/etc/jns/rules.d/x.conf", 3, 7);
        assertEquals(
                "/etc/jns/rules.d/x.conf:3:7: bad", Problem.error(at, "bad").toString());
        assertEquals(
                "/etc/jns/rules.d/x.conf:3:7: warning: odd",
                Problem.warning(at, "odd").toString());
        assertEquals("[tmp] /etc/jns/rules.d/x.conf:3", new Origin("tmp", at).toString());
    }

    @Test
    void aFactThatNobodyAskedForIsAFaultOfOurs() {
        Facts facts = new Facts(Map.of(AbsPath.of("/a"), new Fact.Missing()));
        assertEquals(new Fact.Missing(), facts.at(AbsPath.of("/a")));
        assertThrows(IllegalStateException.class, () -> facts.at(AbsPath.of("/b")));
    }
}
