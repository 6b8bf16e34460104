// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** All rules, in the order of their files and of their positions. */
public record RuleSet(List<Rule> rules) {

    public static final RuleSet EMPTY = new RuleSet(List.of());

    public RuleSet {
        rules = List.copyOf(rules);
    }

    /** The same, with the names of owners looked up. */
    public RuleSet resolved(Function<String, OptionalLong> users, Function<String, OptionalLong> groups) {
        List<Rule> resolved = new ArrayList<>();
        for (Rule rule : rules) {
            Optional<Creation> create = rule.terms().create();
            resolved.add(
                    create.isEmpty()
                            ? rule
                            : rule.with(rule.terms().withCreate(create.get().resolved(users, groups))));
        }
        return new RuleSet(resolved);
    }

    /** All lists that say whom a rule applies to. */
    public List<List<Matcher>> lists() {
        List<List<Matcher>> lists = new ArrayList<>();
        for (Rule rule : rules) {
            lists.add(rule.only());
            lists.add(rule.except());
        }
        return lists;
    }

    /**
     * Whether the owner may enter a view that rules of these names made: all of them must still exist, and let the
     * owner in.
     *
     * @param usual the default if a rule does not say
     */
    public boolean letsOwnerIn(List<String> names, Entrance usual) {
        List<Rule> makers =
                rules.stream().filter(rule -> names.contains(rule.name())).toList();
        return makers.stream().map(Rule::name).distinct().count()
                        == names.stream().distinct().count()
                && makers.stream().allMatch(rule -> rule.letsOwnerIn(usual));
    }

    /** Whether some path or argument contains {@code ${group}}, which costs a login one more look-up. */
    public boolean usesGroupVariable() {
        for (Rule rule : rules) {
            if (rule.directive() instanceof Directive.Run run && run.uses(PathTemplate.Variable.GROUP)) {
                return true;
            }
            if (rule.directive() instanceof Directive.Volume volume && volume.uses(PathTemplate.Variable.GROUP)) {
                return true;
            }
            for (List<PathTemplate> paths :
                    List.of(rule.directive().targets(), rule.directive().sources())) {
                for (PathTemplate path : paths) {
                    if (path.variables().contains(PathTemplate.Variable.GROUP)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
