// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All rules, in the order of their files and of their place in them. */
public record RuleSet(List<Rule> rules) {

    public static final RuleSet EMPTY = new RuleSet(List.of());

    public RuleSet {
        rules = List.copyOf(rules);
    }

    /** The groups whose membership decides something, so that a login looks up no other. */
    public Set<String> groupsMentioned() {
        Set<String> names = new TreeSet<>();
        for (Rule rule : rules) {
            for (List<Matcher> list : List.of(rule.only(), rule.except())) {
                for (Matcher matcher : list) {
                    if (matcher instanceof Matcher.Group group) {
                        names.add(group.name());
                    }
                }
            }
        }
        return names;
    }

    /** Whether some path has {@code ${group}}, which costs a login one more look-up. */
    public boolean usesGroupVariable() {
        for (Rule rule : rules) {
            for (PathTemplate target : rule.directive().targets()) {
                if (target.variables().contains(PathTemplate.Variable.GROUP)) {
                    return true;
                }
            }
            if (rule.directive() instanceof Directive.Bind bind && bind.source().variables().contains(PathTemplate.Variable.GROUP)) {
                return true;
            }
        }
        return false;
    }
}
