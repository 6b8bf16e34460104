// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/**
 * One section of a rules file.
 *
 * @param only for whom the rule is; empty means for everyone
 * @param except for whom it is not, whatever {@code only} says
 * @param does all that the section says but for whom it is, one {@code key=value} a line, whatever the order of the keys, the blanks and the
 *     comments there: two rules of the same text do the same for whom they are. Empty if the rule comes from no section
 */
public record Rule(
        String name,
        Position at,
        List<Matcher> only,
        List<Matcher> except,
        Directive directive,
        Terms terms,
        String does) {
    public Rule {
        only = List.copyOf(only);
        except = List.copyOf(except);
    }

    public Rule(String name, Position at, List<Matcher> only, List<Matcher> except, Directive directive) {
        this(name, at, only, except, directive, Terms.USUAL, "");
    }

    public Rule with(Terms other) {
        return new Rule(name, at, only, except, directive, other, does);
    }

    /**
     * Whether a view that this rule is for is one session's own.
     *
     * @param usual whose it is if the rule does not say
     */
    public boolean hasOwnView(Sharing usual) {
        return terms.lifetime().kind() == Lifetime.Kind.SESSION
                || terms.sharing().orElse(usual) == Sharing.NONE;
    }

    /**
     * Whether the owner may enter what this rule is part of.
     *
     * @param usual who may if the rule does not say
     */
    public boolean letsOwnerIn(Entrance usual) {
        return terms.entrance().orElse(usual) == Entrance.OWNER;
    }
}
