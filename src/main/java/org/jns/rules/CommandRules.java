// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.Glob;
import org.jns.model.Matcher;
import org.jns.model.Matcher.Reading;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Subject;

/**
 * Selects the rules for a view that a user has made for one command by naming a rule: that rule, and every rule that
 * may apply to a login of the user. So the command never sees more than the user's sessions. The service and terminal
 * of those sessions do not matter: a rule that depends on them applies. The only exception is a rule that names the
 * service of commands in 'except', or negated in 'only'.
 *
 * <p>Reasons: docs/decisions/28-command-views.md
 */
public final class CommandRules {
    /** The service of commands in rules. */
    public static final String SERVICE = "jnsrun";

    /** The answer of a selector or list, for all services except that of commands, and all terminals. */
    private enum Answer {
        NO,
        SOMETIMES,
        YES
    }

    private CommandRules() {}

    /**
     * @param subject with the service of commands
     * @return empty if no rule with that name applies to the subject
     */
    public static Optional<Selection> select(RuleSet rules, Subject subject, String name) {
        List<Rule> chosen = new ArrayList<>();
        List<Rule> passedOver = new ArrayList<>();
        boolean found = false;
        for (Rule rule : rules.rules()) {
            boolean isNamed = rule.name().equals(name) && RuleMatcher.isFor(rule, subject);
            found |= isNamed;
            (isNamed || (mayHold(rule, subject) && !leavesOutCommands(rule, subject)) ? chosen : passedOver).add(rule);
        }
        return found ? Optional.of(new Selection(chosen, passedOver)) : Optional.empty();
    }

    /** Whether the rule may apply to a login of the subject. */
    private static boolean mayHold(Rule rule, Subject subject) {
        return answer(rule.only(), subject, Reading.BINDS_PERHAPS) != Answer.NO
                && (rule.except().isEmpty() || answer(rule.except(), subject, Reading.FREES) != Answer.YES);
    }

    /** Like {@link Matcher#matches(List, Subject, Reading)}. */
    private static Answer answer(List<Matcher> list, Subject subject, Reading reading) {
        Answer kept = Answer.YES;
        Answer found = Answer.NO;
        boolean sought = false;
        for (Matcher matcher : list) {
            if (matcher instanceof Matcher.Not not) {
                kept = lower(kept, opposite(answer(not.other(), subject, reading.inverse())));
            } else {
                sought = true;
                found = higher(found, answer(matcher, subject, reading));
            }
        }
        return sought ? lower(kept, found) : kept;
    }

    private static Answer answer(Matcher matcher, Subject subject, Reading reading) {
        if (matcher instanceof Matcher.Service service) {
            return service.name().equals(new Glob(SERVICE)) ? Answer.NO : forSome(service.name());
        }
        if (matcher instanceof Matcher.Tty tty) {
            return forSome(tty.name());
        }
        return matcher.matches(subject, reading) ? Answer.YES : Answer.NO;
    }

    private static Answer forSome(Glob name) {
        return Coverage.isAll(name) ? Answer.YES : Answer.SOMETIMES;
    }

    private static Answer lower(Answer a, Answer b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Answer higher(Answer a, Answer b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    private static Answer opposite(Answer answer) {
        return answer == Answer.YES ? Answer.NO : answer == Answer.NO ? Answer.YES : Answer.SOMETIMES;
    }

    /** Only the service's full name counts: a pattern may match it by accident. */
    private static boolean leavesOutCommands(Rule rule, Subject subject) {
        boolean named = Matcher.positive(rule.except()).stream().anyMatch(CommandRules::isCommands)
                || Matcher.negated(rule.only()).stream().anyMatch(CommandRules::isCommands);
        return named && !RuleMatcher.isFor(rule, subject);
    }

    private static boolean isCommands(Matcher matcher) {
        return matcher instanceof Matcher.Service service
                && service.name().pattern().equals(SERVICE);
    }
}
