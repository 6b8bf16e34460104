// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.List;
import org.jns.model.Glob;
import org.jns.model.Matcher;
import org.jns.model.Rule;
import org.jns.model.Subject;

/** Compares lists of selectors without knowledge about the users. If in doubt, the answer is no. */
final class Coverage {

    /** Longer lists would take too long. */
    private static final int MOST_COMPARED = 10_000;

    private Coverage() {}

    /** Whether a list that is not empty can match nobody. */
    static boolean isForNobody(List<Matcher> list) {
        return excludes(Matcher.negated(list), Matcher.positive(list));
    }

    /** Whether a rule can apply to nobody. */
    static boolean isForNobody(Rule rule) {
        boolean plain =
                !rule.except().isEmpty() && Matcher.negated(rule.except()).isEmpty();
        return plain && excludes(rule.except(), Matcher.positive(rule.only()));
    }

    /**
     * Whether one of the first selectors matches everyone that one of the others matches; if there are no others:
     * whether it matches everyone.
     */
    private static boolean excludes(List<Matcher> out, List<Matcher> in) {
        if ((long) out.size() * in.size() > MOST_COMPARED) {
            return false;
        }
        if (in.isEmpty()) {
            return out.stream().anyMatch(Coverage::isForEveryone);
        }
        return in.stream().allMatch(narrow -> out.stream().anyMatch(wide -> covers(wide, narrow)));
    }

    /** Whether a rule applies to everyone that another one applies to. */
    static boolean isForAllOf(Rule wide, Rule narrow) {
        return takesIn(wide.only(), narrow.only()) && leavesIn(wide.except(), narrow.except());
    }

    private static List<String> texts(List<Matcher> matchers) {
        return matchers.stream().map(Matcher::text).toList();
    }

    private static boolean takesIn(List<Matcher> wide, List<Matcher> narrow) {
        if (wide.isEmpty() || texts(wide).equals(texts(narrow))) {
            return true;
        }
        List<Matcher> in = Matcher.positive(narrow);
        return Matcher.negated(wide).isEmpty() && !in.isEmpty() && excludes(wide, in);
    }

    private static boolean leavesIn(List<Matcher> wide, List<Matcher> narrow) {
        if (wide.isEmpty() || texts(wide).equals(texts(narrow))) {
            return true;
        }
        // The narrower rule must except everyone that the wider one excepts.
        boolean plain =
                Matcher.negated(wide).isEmpty() && Matcher.negated(narrow).isEmpty();
        return plain && !narrow.isEmpty() && excludes(narrow, wide);
    }

    static boolean covers(Matcher wide, Matcher narrow) {
        if (wide.text().equals(narrow.text()) || isForEveryone(wide)) {
            return true;
        }
        if (wide instanceof Matcher.User w && narrow instanceof Matcher.User n) {
            return covers(w.name(), n.name());
        } else if (wide instanceof Matcher.Service w && narrow instanceof Matcher.Service n) {
            return covers(w.name(), n.name());
        } else if (wide instanceof Matcher.Shell w && narrow instanceof Matcher.Shell n) {
            return covers(w.path(), n.path());
        } else if (wide instanceof Matcher.Tty w && narrow instanceof Matcher.Tty n) {
            return covers(w.name(), n.name());
        } else if (wide instanceof Matcher.UidRange w && narrow instanceof Matcher.UidRange n) {
            return w.from() <= n.from() && n.to() <= w.to();
        }
        return wide instanceof Matcher.GidRange w
                && narrow instanceof Matcher.GidRange n
                && w.from() <= n.from()
                && n.to() <= w.to();
    }

    /** A star covers any pattern, a question mark only a letter. */
    private static boolean covers(Glob wide, Glob narrow) {
        return (narrow.isLiteral() || wide.pattern().indexOf('?') < 0) && wide.matches(narrow.pattern());
    }

    private static boolean isForEveryone(Matcher matcher) {
        if (matcher instanceof Matcher.User user) {
            return isAll(user.name());
        } else if (matcher instanceof Matcher.Service service) {
            return isAll(service.name());
        } else if (matcher instanceof Matcher.Shell shell) {
            return isAll(shell.path());
        } else if (matcher instanceof Matcher.Tty tty) {
            return isAll(tty.name());
        } else if (matcher instanceof Matcher.UidRange range) {
            return range.from() == 0 && range.to() == Subject.MAX_ID;
        }
        return matcher instanceof Matcher.GidRange range && range.from() == 0 && range.to() == Subject.MAX_ID;
    }

    static boolean isAll(Glob glob) {
        return glob.pattern().chars().allMatch(c -> c == '*');
    }
}
