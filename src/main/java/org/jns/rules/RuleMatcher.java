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
        List<Rule> passedOver = new ArrayList<>();
        for (Rule rule : rules.rules()) {
            (isFor(rule, subject) ? chosen : passedOver).add(rule);
        }
        return new Selection(chosen, passedOver);
    }

    static boolean isFor(Rule rule, Subject subject) {
        return !isExcepted(rule, subject) && Matcher.matches(rule.only(), subject);
    }

    private static boolean isExcepted(Rule rule, Subject subject) {
        return !rule.except().isEmpty() && Matcher.matches(rule.except(), subject);
    }

    /** Why a rule that was passed over is not for the subject, in words. Asked for by those who explain, at no login. */
    public static String whyNot(Rule rule, Subject subject) {
        return isExcepted(rule, subject) ? "except " + excepted(rule.except(), subject) : "only " + named(rule.only());
    }

    /** The selector that says it; of a list that only takes out, all. */
    private static String excepted(List<Matcher> except, Subject subject) {
        for (Matcher matcher : except) {
            if (!(matcher instanceof Matcher.Not) && matcher.matches(subject)) {
                return matcher.text();
            }
        }
        return named(except);
    }

    private static String named(List<Matcher> matchers) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < matchers.size() && i < MAX_NAMED; i++) {
            names.append(i == 0 ? "" : ", ").append(matchers.get(i).text());
        }
        if (matchers.size() > MAX_NAMED) {
            names.append(" and ").append(matchers.size() - MAX_NAMED).append(" more");
        }
        return names.toString();
    }
}
