// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.Directive;
import org.jns.model.Glob;
import org.jns.model.Hook;
import org.jns.model.Matcher;
import org.jns.model.MountOptions;
import org.jns.model.OnError;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Position;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Terms;
import org.jns.model.Verdict;
import org.junit.jupiter.api.Test;

class VerdictsTest {

    private static final Position AT = new Position("x.conf", 3, 1);
    private static final Origin ORIGIN = new Origin("r", AT);
    private static final Subject ALICE = subject("alice", 1000);
    private static final Subject ROOT = subject("root", 0);
    private static final Admission ALICE_BY_SSHD =
            new Admission(List.of(), List.of(new Matcher.Service(new Glob("sshd"))));
    private static final Admission ALICE_BY_SU = new Admission(List.of(), List.of(new Matcher.Service(new Glob("su"))));
    private static final Admission MUST =
            new Admission(List.of(new Matcher.User(new Glob("*"))), List.of(new Matcher.User(new Glob("*"))));

    private static Subject subject(String name, long uid) {
        return new Subject(name, uid, uid, name, Set.of(), "/home/x", "/bin/sh", "sshd", "");
    }

    private static Selection selection(Optional<OnError> onError) {
        Terms terms = new Terms(Optional.empty(), Optional.empty(), true, onError, false, false);
        Rule other = new Rule("other", AT, List.of(), List.of(), new Directive.Hide(List.of(), MountOptions.NONE));
        return new Selection(
                List.of(other, new Rule("r", AT, List.of(), List.of(), other.directive()).with(terms)), List.of());
    }

    private static Verdict failed(Optional<OnError> onError, Subject subject, Admission admission) {
        return new Verdicts(selection(onError), subject, admission).of(new Planned.Refused(ORIGIN, "cannot do it"));
    }

    private static Verdict letIn(String lets) {
        return new Verdict.LetIn(Optional.of(ORIGIN), "cannot do it", lets);
    }

    @Test
    void whoseViewCannotBeMadeIsRefused() {
        Verdict refused = new Verdict.Refused(Optional.of(ORIGIN), "cannot do it");
        assertEquals(refused, failed(Optional.empty(), ALICE, Admission.NONE));
        assertEquals(refused, failed(Optional.empty(), ALICE, ALICE_BY_SU));
        assertEquals("cannot do it (rule [r] x.conf:3)", ((Verdict.Refused) refused).text());
    }

    @Test
    void theRuleAtFaultDecidesBeforeTheSettings() {
        assertEquals(
                letIn("on-error of the rule lets alice in"), failed(Optional.of(OnError.ALLOW), ALICE, Admission.NONE));
        assertEquals(letIn("on-error-allow in jns.conf lets alice in"), failed(Optional.empty(), ALICE, ALICE_BY_SSHD));
        assertEquals(
                new Verdict.Refused(Optional.of(ORIGIN), "cannot do it"),
                failed(Optional.of(OnError.DENY), ALICE, ALICE_BY_SSHD));
    }

    @Test
    void rootGetsInWhateverTheRuleSays() {
        for (Optional<OnError> onError :
                List.of(Optional.<OnError>empty(), Optional.of(OnError.DENY), Optional.of(OnError.ALLOW))) {
            assertEquals(letIn("root gets in"), failed(onError, ROOT, Admission.NONE));
        }
    }

    @Test
    void whatIsNoRulesFaultIsForTheSettingsToDecide() {
        Selection selection = selection(Optional.of(OnError.ALLOW));
        assertEquals(
                new Verdict.Refused(Optional.empty(), "no room"),
                new Verdicts(selection, ALICE, Admission.NONE).failed(Optional.empty(), "no room"));
        Verdict letIn = new Verdicts(selection, ALICE, ALICE_BY_SSHD).failed(Optional.empty(), "no room");
        assertEquals(new Verdict.LetIn(Optional.empty(), "no room", "on-error-allow in jns.conf lets alice in"), letIn);
        assertEquals(
                "on-error-allow in jns.conf lets alice in without a view of its own: no room",
                ((Verdict.LetIn) letIn).text());
    }

    @Test
    void whoMustMatchARuleIsRefusedWithoutOneHoweverErrorsAreTaken() {
        Selection none = new Selection(List.of(), List.of());
        assertEquals(
                Optional.of(new Verdict.Host("no rule is for alice")),
                new Verdicts(none, ALICE, Admission.NONE).withoutRules());
        String why =
                "no rule is for alice, and must-match in jns.conf wants one; add a rule for alice, or change must-match";
        assertEquals(
                Optional.of(new Verdict.Refused(Optional.empty(), why)),
                new Verdicts(none, ALICE, MUST).withoutRules());
        Verdict root = new Verdicts(none, ROOT, MUST).withoutRules().orElseThrow();
        assertEquals("root gets in", ((Verdict.LetIn) root).lets());
        assertEquals(Optional.empty(), new Verdicts(selection(Optional.empty()), ALICE, MUST).withoutRules());
    }

    @Test
    void aPlanIsAViewUnlessNothingIsLeftOfIt() {
        Verdicts verdicts = new Verdicts(selection(Optional.empty()), ALICE, Admission.NONE);
        Plan plan = new Plan(ALICE, List.of(new Step.Hide(ORIGIN, AbsPath.of("/x"), true)));
        assertEquals(new Verdict.View(plan), verdicts.of(new Planned.Ready(plan)));
        Hook hook = new Hook(ORIGIN, AbsPath.of("/bin/x"), List.of(), 1000, false, true);
        Plan onlyHook = new Plan(ALICE, List.of(), List.of(), List.of(hook), List.of());
        assertEquals(new Verdict.View(onlyHook), verdicts.of(new Planned.Ready(onlyHook)));
        Plan empty = new Plan(
                ALICE,
                List.of(),
                List.of(),
                List.of(),
                List.of(new Plan.LeftOut(ORIGIN, AbsPath.of("/x"), "there is nothing")));
        assertEquals(
                new Verdict.Host("no rule has any effect for this session"), verdicts.of(new Planned.Ready(empty)));
    }
}
