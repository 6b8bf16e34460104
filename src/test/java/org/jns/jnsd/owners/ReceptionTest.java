// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.owners;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jns.config.Policy;
import org.jns.model.Admission;
import org.jns.model.Directive;
import org.jns.model.Entrance;
import org.jns.model.Glob;
import org.jns.model.Matcher;
import org.jns.model.MountOptions;
import org.jns.model.Position;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Sharing;
import org.jns.model.Subject;
import org.jns.model.Terms;
import org.jns.state.SeenProcess;
import org.jns.state.Session;
import org.jns.state.View;
import org.jns.view.NoView;
import org.jns.wire.Request;
import org.junit.jupiter.api.Test;

class ReceptionTest {

    private static final Request.Join ONLY = new Request.Join(Request.Join.VIEW, "");

    private static Policy policy(Entrance usual, String... open) {
        List<Rule> rules = new ArrayList<>();
        rules.add(rule("tmp", Terms.USUAL));
        for (String name : open) {
            rules.add(rule(name, Terms.USUAL.withEntrance(Entrance.OWNER)));
        }
        Admission admission = new Admission(List.of(), List.of(), Sharing.USER, usual, false);
        return new Policy(Optional.of(new RuleSet(rules)), admission, Map.of(), List.of(), false, false);
    }

    private static Rule rule(String name, Terms terms) {
        return new Rule(
                        name,
                        new Position("x.conf", 1, 1),
                        List.of(),
                        List.of(),
                        new Directive.Hide(List.of(), MountOptions.NONE))
                .with(terms);
    }

    private static View view(String id, String... rules) {
        return new View(id, "alice", 1001, 7, "k", List.of(rules), List.of(), List.of(), 0);
    }

    private static Session session(String id, String view, String tty) {
        return new Session(id, "alice", 1001, "sshd", tty, new SeenProcess(1, 1), view, 0);
    }

    private static String entered(Reception.Decision verdict) {
        assertEquals("", verdict.why());
        return verdict.view().orElseThrow().id();
    }

    private static String why(Reception.Decision verdict) {
        assertTrue(verdict.view().isEmpty());
        return verdict.why();
    }

    @Test
    void theOnlyViewIsEnteredIfAllItsRulesLetTheOwnerIn() {
        List<View> views = List.of(view("1001.a", "open", "also"));
        assertEquals(
                "1001.a", entered(Reception.decide(ONLY, views, List.of(), policy(Entrance.ROOT, "open", "also"))));
        assertTrue(why(Reception.decide(ONLY, views, List.of(), policy(Entrance.ROOT, "open")))
                .startsWith("your view is not to be entered from outside"));
        assertTrue(why(Reception.decide(
                        ONLY, List.of(view("1001.b", "open", "tmp")), List.of(), policy(Entrance.ROOT, "open")))
                .contains("enter = owner"));
        assertEquals(
                "1001.b",
                entered(Reception.decide(ONLY, List.of(view("1001.b", "tmp")), List.of(), policy(Entrance.OWNER))));
    }

    @Test
    void withoutRulesNothingIsOpen() {
        List<View> views = List.of(view("1001.a", "open"));
        assertTrue(Reception.decide(ONLY, views, List.of(), Policy.UNREADABLE)
                .view()
                .isEmpty());
    }

    @Test
    void whoHasNoneIsToldSo() {
        assertEquals(
                "you have no view; a login makes one, if a rule is for you",
                why(Reception.decide(ONLY, List.of(), List.of(), policy(Entrance.OWNER))));
    }

    @Test
    void ofSeveralNoneIsGuessed() {
        List<View> views = List.of(view("1001.a", "open"), view("1001.b", "open"), view("1001.c", "tmp"));
        List<Session> sessions =
                List.of(session("aa", "1001.a", "pts/1"), session("bb", "1001.b", ""), session("cc", "1001.c", ""));
        Policy policy = policy(Entrance.ROOT, "open");
        assertEquals(
                "you have 2 views; name a session of one: session:aa (sshd, pts/1), session:bb (sshd)",
                why(Reception.decide(ONLY, views, sessions, policy)));
        assertEquals("1001.b", entered(Reception.decide(new Request.Join("session", "bb"), views, sessions, policy)));
        assertTrue(why(Reception.decide(new Request.Join("session", "cc"), views, sessions, policy))
                .startsWith("the view of session cc is not to be entered"));
        // The closed one does not count, so the remaining one is not a guess.
        assertEquals("1001.a", entered(Reception.decide(ONLY, List.of(views.get(0), views.get(2)), sessions, policy)));
    }

    @Test
    void aRuleForOneCommandIsForWhomItIs() throws NoView {
        Subject alice = new Subject("alice", 1001, 1001, "alice", Set.of(), "/home/alice", "", "jnsrun", "");
        // With all other rules that apply to her, whatever their 'enter'.
        assertEquals(List.of("tmp", "open"), names(CommandViews.select(policy(Entrance.ROOT, "open"), alice, "open")));
        assertEquals(List.of("tmp"), names(CommandViews.select(policy(Entrance.OWNER), alice, "tmp")));
        assertTrue(whyNot(policy(Entrance.ROOT), alice, "tmp").startsWith("rule tmp is for logins alone"));
        assertEquals("no rule a\\u000ab is for you", whyNot(policy(Entrance.OWNER), alice, "a\nb"));
        assertEquals("no rule tmp is for you", whyNot(Policy.UNREADABLE, alice, "tmp"));
        Rule others = new Rule(
                "tmp",
                new Position("x.conf", 1, 1),
                List.of(),
                List.of(new Matcher.User(new Glob("alice"))),
                rule("tmp", Terms.USUAL).directive());
        Policy notHers = new Policy(
                Optional.of(new RuleSet(List.of(others))),
                policy(Entrance.OWNER).admission(),
                Map.of(),
                List.of(),
                false,
                false);
        assertEquals("no rule tmp is for you", whyNot(notHers, alice, "tmp"));
    }

    private static List<String> names(CommandViews.Wanted wanted) {
        return wanted.selection().chosen().stream().map(Rule::name).toList();
    }

    private static String whyNot(Policy policy, Subject subject, String rule) {
        return assertThrows(NoView.class, () -> CommandViews.select(policy, subject, rule))
                .getMessage();
    }

    @Test
    void sessionsOfOthersAreAsIfTheyWereNotThere() {
        Policy policy = policy(Entrance.OWNER);
        for (String name : List.of("", "dd", "../x", "1001.a")) {
            assertEquals(
                    "no session " + name + " of yours is open",
                    why(Reception.decide(
                            new Request.Join("session", name), List.of(view("1001.a", "tmp")), List.of(), policy)));
        }
        assertEquals(
                "it is not known how to join 'pid'",
                why(Reception.decide(new Request.Join("pid", "1"), List.of(), List.of(), policy)));
    }
}
