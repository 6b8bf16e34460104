// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.model.RuleSet;
import org.jns.sys.NameService;
import org.jns.sys.SyscallException;

/**
 * The rules that are in force, with what was looked up for them ahead of any login. Never changes: a login that has begun with one
 * policy ends with it.
 *
 * @param rules empty if no rules could be read, ever: then nobody but root may log in, for nobody knows whom the rules were for
 * @param groups of the groups that the rules mention, those that there are, by id
 * @param unknownGroups the others; asked for again at each login
 */
public record Policy(Optional<RuleSet> rules, Map<Long, String> groups, List<String> unknownGroups, boolean usesGroupVariable) {

    public static final Policy UNREADABLE = new Policy(Optional.empty(), Map.of(), List.of(), false);

    public Policy {
        groups = Map.copyOf(groups);
        unknownGroups = List.copyOf(unknownGroups);
    }

    public static Policy of(RuleSet rules, NameService names) {
        Map<Long, String> known = new HashMap<>();
        List<String> unknown = rules.groupsMentioned().stream().filter(name -> !put(known, name, names)).toList();
        return new Policy(Optional.of(rules), known, unknown, rules.usesGroupVariable());
    }

    private static boolean put(Map<Long, String> known, String name, NameService names) {
        try {
            OptionalLong id = names.groupId(name);
            id.ifPresent(gid -> known.put(gid, name));
            return id.isPresent();
        } catch (SyscallException e) {
            return false;
        }
    }

    /** The same rules, with their groups looked up again. */
    public Policy refreshed(NameService names) {
        return rules.map(r -> of(r, names)).orElse(this);
    }
}
