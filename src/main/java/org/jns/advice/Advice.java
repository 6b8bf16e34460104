// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jns.config.Settings;
import org.jns.linux.NameService;
import org.jns.linux.Passwd;
import org.jns.linux.SyscallException;
import org.jns.model.Matcher;
import org.jns.model.Position;
import org.jns.model.Printable;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.rules.ini.RulesSource;

/**
 * Finds mistakes in the rules that are legal but probably not meant, by this machine's users and groups. It looks up
 * each name that the rules mention, which may take a directory service some time.
 */
public final class Advice {
    /** Limit of the names that are looked up, each once. */
    static final int MOST_NAMES = 1000;

    /** The existing users and groups. */
    public interface People {
        boolean hasUser(String name);

        boolean hasGroup(String name);

        /** The canonical name of the user's uid; empty if it is this one. */
        default Optional<String> otherName(String name) {
            return Optional.empty();
        }
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

    /** About the users and groups that the settings name. */
    public static List<Problem> on(Settings.Loaded loaded, People people) {
        List<RulesSource> sources = loaded.source().stream().toList();
        Advice advice = new Advice(people, sources);
        for (List<Matcher> list : loaded.settings().admission().lists()) {
            for (Matcher matcher : list) {
                advice.isKnown(matcher, () -> advice.whereabouts.anywhere(matcher));
            }
        }
        return advice.problems;
    }

    /** If the database does not answer, every name counts as existing: that is no reason to doubt the rules. */
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
            public Optional<String> otherName(String name) {
                try {
                    return names.user(name)
                            .flatMap(entry -> names.user(entry.uid()))
                            .map(Passwd::name)
                            .filter(first -> !first.equals(name));
                } catch (SyscallException e) {
                    return Optional.empty();
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
        boolean forSomebody = Matcher.positive(rule.only()).isEmpty();
        for (Matcher matcher : rule.only()) {
            boolean there = isKnown(matcher, () -> whereabouts.of(rule, matcher));
            forSomebody |= there && !(matcher instanceof Matcher.Not);
        }
        for (Matcher matcher : rule.except()) {
            isKnown(matcher, () -> whereabouts.of(rule, matcher));
        }
        if (!forSomebody) {
            problems.add(Problem.warning(
                    rule.at(),
                    "rule [" + rule.name() + "] is for nobody today: nobody in its list exists on this machine"));
        }
    }

    /** False only for a user or group with a full name that does not exist. */
    private boolean isKnown(Matcher matcher, Supplier<Position> place) {
        Matcher bare = matcher instanceof Matcher.Not not ? not.other() : matcher;
        if (bare instanceof Matcher.User user && user.name().isLiteral()) {
            return isKnown(bare, "user", user.name().pattern(), place);
        }
        return !(bare instanceof Matcher.Group group) || isKnown(bare, "group", group.name(), place);
    }

    private boolean isKnown(Matcher matcher, String what, String name, Supplier<Position> place) {
        Boolean before = known.get(matcher.text());
        if (before != null) {
            return before;
        }
        if (known.size() == MOST_NAMES) {
            stop(place.get());
            return true;
        }
        boolean there = what.equals("user") ? people.hasUser(name) : people.hasGroup(name);
        known.put(matcher.text(), there);
        if (!there) {
            problems.add(Problem.warning(
                    place.get(), "there is no " + what + " '" + Printable.of(name) + "' on this machine"));
        } else if (what.equals("user")) {
            people.otherName(name)
                    .ifPresent(first -> problems.add(Problem.warning(
                            place.get(),
                            "'" + Printable.of(name) + "' is another name of " + Printable.of(first)
                                    + ", and a rule for it does not bind " + Printable.of(first) + "; write user:"
                                    + Printable.of(first))));
        }
        return there;
    }

    private void stop(Position at) {
        if (!stopped) {
            stopped = true;
            problems.add(Problem.warning(
                    at,
                    "the rules name more than " + MOST_NAMES
                            + " users and groups: whether those from here on exist was not looked up"));
        }
    }
}
