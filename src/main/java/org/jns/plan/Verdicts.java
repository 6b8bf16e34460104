// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.Optional;
import org.jns.model.Admission;
import org.jns.model.OnError;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.model.Verdict;

/**
 * Decides the outcome of a login; used by logins and by {@code jnsctl explain}.
 *
 * <p>Reasons: docs/decisions/33-root-gets-in.md
 */
public final class Verdicts {
    private final Selection selection;
    private final Subject subject;
    private final Admission admission;

    public Verdicts(Selection selection, Subject subject, Admission admission) {
        this.selection = selection;
        this.subject = subject;
        this.admission = admission;
    }

    /** Empty if there are rules to plan with. */
    public Optional<Verdict> withoutRules() {
        if (!selection.isEmpty()) {
            return Optional.empty();
        }
        String none = "no rule is for " + subject.user();
        if (!admission.mustMatch(subject)) {
            return Optional.of(new Verdict.Host(none));
        }
        String why = none + ", and must-match in jns.conf wants one; add a rule for " + subject.user()
                + ", or change must-match";
        Verdict.Refused refused = new Verdict.Refused(Optional.empty(), why);
        return Optional.of(subject.isRoot() ? refused.butLetIn("root gets in") : refused);
    }

    public Verdict of(Planned planned) {
        if (planned instanceof Planned.Refused refused) {
            return failed(Optional.of(refused.origin()), refused.why());
        }
        Plan plan = ((Planned.Ready) planned).plan();
        return plan.isEmpty() ? new Verdict.Host("no rule has any effect for this session") : new Verdict.View(plan);
    }

    /**
     * The view cannot be made.
     *
     * @param origin empty if no rule caused it
     */
    public Verdict failed(Optional<Origin> origin, String why) {
        Verdict.Refused refused = new Verdict.Refused(origin, why);
        Optional<OnError> ofRule = origin.isPresent() ? onError(origin.get()) : Optional.empty();
        // Root always gets in, to repair whatever is wrong.
        if (subject.isRoot()) {
            return refused.butLetIn("root gets in");
        }
        if (ofRule.isPresent()) {
            return ofRule.get() == OnError.ALLOW
                    ? refused.butLetIn("on-error of the rule lets " + subject.user() + " in")
                    : refused;
        }
        return admission.allowsOnError(subject)
                ? refused.butLetIn("on-error-allow in jns.conf lets " + subject.user() + " in")
                : refused;
    }

    private Optional<OnError> onError(Origin origin) {
        for (Rule rule : selection.chosen()) {
            if (rule.name().equals(origin.rule())) {
                return rule.terms().onError();
            }
        }
        return Optional.empty();
    }
}
