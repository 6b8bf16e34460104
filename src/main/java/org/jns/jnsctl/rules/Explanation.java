// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.util.List;
import java.util.Optional;
import org.jns.model.Admission;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.model.Verdict;
import org.jns.plan.Verdicts;
import org.jns.plan.ViewKey;

/**
 * The result of {@code jnsctl explain}.
 *
 * @param shared whether a view would be shared by all sessions that these rules apply to
 */
record Explanation(Subject subject, Selection selection, Verdict verdict, List<Plan.LeftOut> leftOut, boolean shared) {

    static Explanation of(Subject subject, Selection selection, Admission admission, Planned planned) {
        Verdicts verdicts = new Verdicts(selection, subject, admission);
        Optional<Verdict> without = verdicts.withoutRules();
        List<Plan.LeftOut> leftOut =
                planned instanceof Planned.Ready ready ? ready.plan().leftOut() : List.of();
        boolean shared = ViewKey.of(selection, subject, admission.sharing()).isPresent();
        return new Explanation(subject, selection, without.orElseGet(() -> verdicts.of(planned)), leftOut, shared);
    }

    /** Whether a view is required, and cannot be made. */
    boolean failed() {
        return verdict instanceof Verdict.Refused || verdict instanceof Verdict.LetIn;
    }
}
