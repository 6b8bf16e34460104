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
 * The rules that are in force, with what was looked up for them ahead of any login. Never changes: a login that has begun with one
 * policy ends with it.
 *
 * @param rules empty if no rules could be read, ever: then nobody but root may log in, for nobody knows whom the rules were for
 * @param groups of the groups that the rules and the settings mention, those that there are, by id
 * @param unknownGroups the others; asked for again at each login
 * @param usesGids whether the numbers of the supplementary groups decide something
 * @param remote those of the known groups that the host does not have itself: whether a user is in one, a directory service knows
 * @param roots the names of uid 0: who these are is never asked of anybody
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

    /** With nothing that is known of the host's own files. */
    public Policy(
            Optional<RuleSet> rules,
            Admission admission,
            Map<Long, String> groups,
            List<String> unknownGroups,
            boolean usesGroupVariable,
            boolean usesGids) {
        this(rules, admission, groups, unknownGroups, usesGroupVariable, usesGids, Set.of(), Known.NOTHING.roots());
    }

    /**
     * What is to be looked up for rules.
     */
    public record Wanted(Set<String> groups, List<Creation> creations) {

        /**
         * @param rules empty if there are none that could be read
         */
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
     * @param rules empty if there are none that could be read
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

    /** Whether the name is one of root's, by the host's own files. */
    public boolean isRoot(String user) {
        return roots.contains(user);
    }

    /** Whether a user's groups may make a difference. */
    boolean goesByGroups() {
        return usesGids || !groups.isEmpty() || !unknownGroups.isEmpty();
    }

    /** Whether what was not asked of the subject's groups makes no difference. */
    boolean isDecided(Subject subject) {
        boolean admissionAsks =
                !Matcher.groupsNamed(admission.lists()).isEmpty() || Matcher.goesByGid(admission.lists());
        return !admissionAsks && RuleMatcher.isDecided(rules.orElse(RuleSet.EMPTY), subject);
    }

    /** A rule that is for the subject only if it is in a group that could not be asked for. */
    public Optional<Rule> undecided(Subject subject) {
        return RuleMatcher.undecided(rules.orElse(RuleSet.EMPTY), subject);
    }
}
