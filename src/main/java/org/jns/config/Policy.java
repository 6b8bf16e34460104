// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.model.Admission;
import org.jns.model.Matcher;
import org.jns.model.RuleSet;
import org.jns.sys.NameService;
import org.jns.sys.SyscallException;

/**
 * The rules that are in force, with what was looked up for them ahead of any login. Never changes: a login that has begun with one
 * policy ends with it.
 *
 * @param rules empty if no rules could be read, ever: then nobody but root may log in, for nobody knows whom the rules were for
 * @param groups of the groups that the rules and the settings mention, those that there are, by id
 * @param unknownGroups the others; asked for again at each login
 * @param usesGids whether the numbers of the supplementary groups decide something
 */
public record Policy(
        Optional<RuleSet> rules,
        Admission admission,
        Map<Long, String> groups,
        List<String> unknownGroups,
        boolean usesGroupVariable,
        boolean usesGids) {

    public static final Policy UNREADABLE = new Policy(Optional.empty(), Admission.NONE, Map.of(), List.of(), false, false);

    public Policy {
        groups = Map.copyOf(groups);
        unknownGroups = List.copyOf(unknownGroups);
    }

    /**
     * @param rules empty if there are none that could be read
     */
    public static Policy of(Optional<RuleSet> rules, Admission admission, NameService names) {
        Map<Long, String> known = new HashMap<>();
        List<List<Matcher>> lists = new ArrayList<>(admission.lists());
        rules.ifPresent(set -> lists.addAll(set.lists()));
        List<String> unknown = Matcher.groupsNamed(lists).stream().filter(name -> !put(known, name, names)).toList();
        return new Policy(
                rules.map(set -> set.resolved(user -> userId(user, names), group -> groupId(group, names))),
                admission,
                known,
                unknown,
                rules.map(RuleSet::usesGroupVariable).orElse(false),
                Matcher.goesByGid(lists));
    }

    private static boolean put(Map<Long, String> known, String name, NameService names) {
        OptionalLong id = groupId(name, names);
        id.ifPresent(gid -> known.put(gid, name));
        return id.isPresent();
    }

    private static OptionalLong groupId(String name, NameService names) {
        try {
            return names.groupId(name);
        } catch (SyscallException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong userId(String name, NameService names) {
        try {
            return names.user(name).map(entry -> OptionalLong.of(entry.uid())).orElse(OptionalLong.empty());
        } catch (SyscallException e) {
            return OptionalLong.empty();
        }
    }

    /** The same rules, with their names looked up again. */
    public Policy refreshed(NameService names) {
        return of(rules, admission, names);
    }
}
