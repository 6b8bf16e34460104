// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jns.model.Matcher;
import org.jns.model.Position;
import org.jns.model.Printable;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.rules.RulesSource;
import org.jns.sys.NameService;
import org.jns.sys.SyscallException;

/**
 * What is legal in the rules but surely not meant, as far as this machine's users and groups tell. It asks for each name that the rules
 * mention, which may take a directory service its time.
 */
public final class Advice {
    /** Names that are asked for at most, each once. */
    static final int MOST_NAMES = 1000;

    /** The users and groups that there are. */
    public interface People {
        boolean hasUser(String name);

        boolean hasGroup(String name);
    }

    private final People people;
    private final Whereabouts whereabouts;
    private final Map<String, Boolean> known = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private boolean stopped;

    private Advice(People people, List<RulesSource> sources) {
        this.people = people;
        this.whereabouts = new Whereabouts(sources);
    }

    /**
     * Warnings only.
     *
     * @param sources that the rules were read from
     */
    public static List<Problem> on(RuleSet rules, List<RulesSource> sources, People people) {
        Advice advice = new Advice(people, sources);
        for (Rule rule : rules.rules()) {
            advice.rule(rule);
        }
        return advice.problems;
    }

    /** A database that does not answer has everybody: it is no reason to doubt the rules. */
    public static People people(NameService names) {
        return new People() {
            @Override
            public boolean hasUser(String name) {
                try {
                    return names.user(name).isPresent();
                } catch (SyscallException e) {
                    return true;
                }
            }

            @Override
            public boolean hasGroup(String name) {
                try {
                    return names.groupId(name).isPresent();
                } catch (SyscallException e) {
                    return true;
                }
            }
        };
    }

    private void rule(Rule rule) {
        boolean forSomebody = rule.only().isEmpty();
        for (Matcher matcher : rule.only()) {
            forSomebody |= isKnown(rule, matcher);
        }
        for (Matcher matcher : rule.except()) {
            isKnown(rule, matcher);
        }
        if (!forSomebody) {
            problems.add(Problem.warning(rule.at(), "rule [" + rule.name() + "] is for nobody today: nobody in its list exists on this machine"));
        }
    }

    /** False only for a user or group that is named in full and that there is not. */
    private boolean isKnown(Rule rule, Matcher matcher) {
        if (matcher instanceof Matcher.User user && user.name().isLiteral()) {
            return isKnown(rule, matcher, "user", user.name().pattern());
        }
        return !(matcher instanceof Matcher.Group group) || isKnown(rule, matcher, "group", group.name());
    }

    private boolean isKnown(Rule rule, Matcher matcher, String what, String name) {
        Boolean before = known.get(matcher.text());
        if (before != null) {
            return before;
        }
        if (known.size() == MOST_NAMES) {
            stop(rule.at());
            return true;
        }
        boolean there = what.equals("user") ? people.hasUser(name) : people.hasGroup(name);
        known.put(matcher.text(), there);
        if (!there) {
            Position at = whereabouts.of(rule, matcher);
            problems.add(Problem.warning(at, "there is no " + what + " '" + Printable.of(name) + "' on this machine"));
        }
        return there;
    }

    private void stop(Position at) {
        if (!stopped) {
            stopped = true;
            problems.add(Problem.warning(
                    at, "the rules name more than " + MOST_NAMES + " users and groups: whether those from here on exist was not looked up"));
        }
    }
}
