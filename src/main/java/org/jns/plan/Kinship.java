// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.List;
import org.jns.model.Matcher;
import org.jns.model.Rule;
import org.jns.model.RuleSet;

/**
 * Decides whether a new view may share tmpfs mounts with an older view of the user: both were made for the same user,
 * by the same rules among those that depend on how the user logs in. Views of two services with different rules at the
 * same time share nothing.
 */
public final class Kinship {
    private final RuleSet inForce;
    private final String user;
    private final List<String> rules;

    /**
     * @param inForce all rules
     * @param key of the new view
     * @param rules the names of the rules that make it
     */
    public Kinship(RuleSet inForce, String key, List<String> rules) {
        this.inForce = inForce;
        this.user = ViewKey.user(key);
        this.rules = rules;
    }

    /** @param otherKey of the older view; empty if it belongs to one session */
    public boolean with(String otherKey, List<String> otherRules) {
        if (user.isEmpty() || !user.equals(ViewKey.user(otherKey))) {
            return false;
        }
        for (Rule rule : inForce.rules()) {
            boolean differs = rules.contains(rule.name()) != otherRules.contains(rule.name());
            if (differs && (goesByService(rule.only()) || goesByService(rule.except()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean goesByService(List<Matcher> list) {
        for (Matcher matcher : list) {
            Matcher bare = matcher instanceof Matcher.Not not ? not.other() : matcher;
            if (bare instanceof Matcher.Service || bare instanceof Matcher.Tty) {
                return true;
            }
        }
        return false;
    }
}
