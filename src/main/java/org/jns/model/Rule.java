// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/**
 * One section of a rules file.
 *
 * @param only the users and logins that the rule applies to; empty means everyone
 * @param except those that it does not apply to, regardless of {@code only}
 * @param does everything in the section except its users and logins, one {@code key=value} a line, independent of the
 *     order of the keys, the blanks and the comments: two rules with the same text do the same. Empty if the rule comes
 *     from no section
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
     * Whether each session that this rule applies to has its own view.
     *
     * @param usual the default if the rule does not say
     */
    public boolean hasOwnView(Sharing usual) {
        return terms.lifetime().kind() == Lifetime.Kind.SESSION
                || terms.sharing().orElse(usual) == Sharing.NONE;
    }

    /**
     * Whether the owner may enter a view that this rule is part of.
     *
     * @param usual the default if the rule does not say
     */
    public boolean letsOwnerIn(Entrance usual) {
        return terms.entrance().orElse(usual) == Entrance.OWNER;
    }
}
