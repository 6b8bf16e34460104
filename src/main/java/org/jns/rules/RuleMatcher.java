// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.Matcher;
import org.jns.model.Matcher.Reading;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Subject;

/** Selects the rules that apply to a subject. {@code except} wins over {@code only}. */
public final class RuleMatcher {

    /**
     * Limit of the selectors that a reason names: a login makes a reason for each rule that does not apply to the
     * subject.
     */
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

    /**
     * A rule that applies to the subject only if the subject is in an unknown group. A rule that excludes the members
     * of such a group does not count: it applies to everyone who is not known to be one.
     */
    public static Optional<Rule> undecided(RuleSet rules, Subject subject) {
        for (Rule rule : rules.rules()) {
            if (isFor(rule, subject, Reading.BINDS_PERHAPS, Reading.FREES)
                    && !isFor(rule, subject, Reading.BINDS, Reading.FREES)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    /** Whether the unknown groups make no difference. */
    public static boolean isDecided(RuleSet rules, Subject subject) {
        for (Rule rule : rules.rules()) {
            if (isFor(rule, subject, Reading.BINDS_PERHAPS, Reading.FREES)
                    != isFor(rule, subject, Reading.BINDS, Reading.FREES_PERHAPS)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the rule applies to the subject. */
    public static boolean isFor(Rule rule, Subject subject) {
        return isFor(rule, subject, Reading.BINDS_PERHAPS, Reading.FREES);
    }

    private static boolean isFor(Rule rule, Subject subject, Reading only, Reading except) {
        return !isExcepted(rule, subject, except) && Matcher.matches(rule.only(), subject, only);
    }

    private static boolean isExcepted(Rule rule, Subject subject, Reading reading) {
        return !rule.except().isEmpty() && Matcher.matches(rule.except(), subject, reading);
    }

    /** The reason in words why a rule does not apply to the subject. Only for explanations, not for logins. */
    public static String whyNot(Rule rule, Subject subject) {
        return isExcepted(rule, subject, Reading.FREES)
                ? "except " + excepted(rule.except(), subject)
                : "only " + named(rule.only());
    }

    /** The deciding selector; all selectors of a list that only excludes. */
    private static String excepted(List<Matcher> except, Subject subject) {
        for (Matcher matcher : except) {
            if (!(matcher instanceof Matcher.Not) && matcher.matches(subject, Reading.FREES)) {
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
