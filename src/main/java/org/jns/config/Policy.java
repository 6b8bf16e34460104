// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.AccountFiles;
import org.jns.linux.NameService;
import org.jns.linux.Syscalls;
import org.jns.model.Admission;
import org.jns.model.Creation;
import org.jns.model.Matcher;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Subject;
import org.jns.rules.RuleMatcher;

/**
 * The rules in force, with what was looked up for them before any login. Immutable: a login that has begun with one
 * policy ends with it.
 *
 * @param rules empty if no rules could ever be read: then only root may log in, because it is unknown whom the rules
 *     apply to
 * @param groups of the groups that the rules and the settings mention, the existing ones, by id
 * @param unknownGroups the others; asked for again at each login
 * @param usesGids whether the numbers of the supplementary groups decide something
 * @param remote those of the known groups that are not in the host's files: a directory service knows their members
 * @param roots the names of uid 0, which are never asked for
 */
public record Policy(
        Optional<RuleSet> rules,
        Admission admission,
        Map<Long, String> groups,
        List<String> unknownGroups,
        boolean usesGroupVariable,
        boolean usesGids,
        Set<String> remote,
        Set<String> roots) {

    public static final Policy UNREADABLE = of(Optional.empty(), Admission.NONE, Known.NOTHING);

    public Policy {
        groups = Map.copyOf(groups);
        unknownGroups = List.copyOf(unknownGroups);
        remote = Set.copyOf(remote);
        roots = Set.copyOf(roots);
    }

    /** A policy without data from the host's files. */
    public Policy(
            Optional<RuleSet> rules,
            Admission admission,
            Map<Long, String> groups,
            List<String> unknownGroups,
            boolean usesGroupVariable,
            boolean usesGids) {
        this(rules, admission, groups, unknownGroups, usesGroupVariable, usesGids, Set.of(), Known.NOTHING.roots());
    }

    /** The names to look up for rules. */
    public record Wanted(Set<String> groups, List<Creation> creations) {

        /** @param rules empty if none could be read */
        public static Wanted by(Optional<RuleSet> rules, Admission admission) {
            List<Creation> creations = new ArrayList<>();
            for (Rule rule : rules.orElse(RuleSet.EMPTY).rules()) {
                rule.terms().create().ifPresent(creations::add);
            }
            return new Wanted(Matcher.groupsNamed(lists(rules, admission)), creations);
        }
    }

    private static List<List<Matcher>> lists(Optional<RuleSet> rules, Admission admission) {
        List<List<Matcher>> lists = new ArrayList<>(admission.lists());
        lists.addAll(rules.orElse(RuleSet.EMPTY).lists());
        return lists;
    }

    /** Asks the user database, and waits for it. */
    public static Policy ask(Optional<RuleSet> rules, Admission admission, NameService names, Syscalls sys) {
        return of(
                rules, admission, Known.ask(Wanted.by(rules, admission), names, new AccountFiles(sys), Known.NOTHING));
    }

    /**
     * Asks nobody.
     *
     * @param rules empty if none could be read
     */
    public static Policy of(Optional<RuleSet> rules, Admission admission, Known known) {
        Map<Long, String> groups = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        Set<String> remote = new HashSet<>();
        for (String name : Wanted.by(rules, admission).groups()) {
            if (known.groups().containsKey(name)) {
                groups.put(known.groups().get(name), name);
            } else {
                unknown.add(name);
            }
            if (!known.local().contains(name)) {
                remote.add(name);
            }
        }
        return new Policy(
                rules.map(set -> set.resolved(known::user, known::group)),
                admission,
                groups,
                unknown,
                rules.map(RuleSet::usesGroupVariable).orElse(false),
                Matcher.goesByGid(lists(rules, admission)),
                remote,
                known.roots());
    }

    /** Whether the name has uid 0, according to the host's files. */
    public boolean isRoot(String user) {
        return roots.contains(user);
    }

    /** Whether a user's groups may make a difference. */
    boolean goesByGroups() {
        return usesGids || !groups.isEmpty() || !unknownGroups.isEmpty();
    }

    /** Whether the subject's unknown groups make no difference. */
    boolean isDecided(Subject subject) {
        boolean admissionAsks =
                !Matcher.groupsNamed(admission.lists()).isEmpty() || Matcher.goesByGid(admission.lists());
        return !admissionAsks && RuleMatcher.isDecided(rules.orElse(RuleSet.EMPTY), subject);
    }

    /** A rule that applies to the subject only if the subject is in an unknown group. */
    public Optional<Rule> undecided(Subject subject) {
        return RuleMatcher.undecided(rules.orElse(RuleSet.EMPTY), subject);
    }
}
