// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import org.jns.model.Matcher;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Subject;

/** Which rules are for whom. {@code except} wins over {@code only}. */
public final class RuleMatcher {

    /** A reason names so many selectors at most: a login makes one for each rule that is not for the subject. */
    private static final int MAX_NAMED = 5;

    private RuleMatcher() {}

    public static Selection select(RuleSet rules, Subject subject) {
        List<Rule> chosen = new ArrayList<>();
        List<Selection.PassedOver> passedOver = new ArrayList<>();
        for (Rule rule : rules.rules()) {
            Matcher excepted = Matcher.first(rule.except(), subject);
            if (excepted != null) {
                passedOver.add(new Selection.PassedOver(rule, "except " + excepted.text()));
            } else if (!rule.only().isEmpty() && Matcher.first(rule.only(), subject) == null) {
                passedOver.add(new Selection.PassedOver(rule, onlyFor(rule.only())));
            } else {
                chosen.add(rule);
            }
        }
        return new Selection(chosen, passedOver);
    }

    private static String onlyFor(List<Matcher> only) {
        StringBuilder reason = new StringBuilder("only ");
        for (int i = 0; i < only.size() && i < MAX_NAMED; i++) {
            reason.append(i == 0 ? "" : ", ").append(only.get(i).text());
        }
        if (only.size() > MAX_NAMED) {
            reason.append(" and ").append(only.size() - MAX_NAMED).append(" more");
        }
        return reason.toString();
    }
}
