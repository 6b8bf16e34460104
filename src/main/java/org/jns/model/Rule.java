// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/**
 * One section of a rules file.
 *
 * @param only for whom the rule is; empty means for everyone
 * @param except for whom it is not, whatever {@code only} says
 */
public record Rule(String name, Position at, List<Matcher> only, List<Matcher> except, Directive directive, Terms terms) {
    public Rule {
        only = List.copyOf(only);
        except = List.copyOf(except);
    }

    public Rule(String name, Position at, List<Matcher> only, List<Matcher> except, Directive directive) {
        this(name, at, only, except, directive, Terms.USUAL);
    }

    public Rule with(Terms other) {
        return new Rule(name, at, only, except, directive, other);
    }
}
