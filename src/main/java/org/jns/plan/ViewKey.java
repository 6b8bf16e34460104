// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.List;
import java.util.Optional;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Sharing;
import org.jns.model.Subject;

/**
 * The view key: decides whether two logins of a user get the same view. It contains everything that a plan is made
 * from, except the facts about the host.
 *
 * <p>Reasons: docs/decisions/21-joining-a-view.md, docs/decisions/53-missing-volumes.md
 */
public final class ViewKey {
    private static final String SERVICE = "${service}";
    private static final String WITHOUT = "without ";
    /** Without the service, which only some keys have. */
    private static final int LINES_OF_USER = 5;

    private ViewKey() {}

    /**
     * The key of a view that lacks some volumes.
     *
     * @param key empty: no login joins the view anyway
     * @param rules the names of the volumes' rules
     */
    public static String without(String key, List<String> rules) {
        if (key.isEmpty()) {
            return key;
        }
        StringBuilder without = new StringBuilder(key);
        for (String rule : rules) {
            // Unlike the lines of rules, this one has no key and no "=".
            without.append(WITHOUT).append(rule).append('\n');
        }
        return without.toString();
    }

    /**
     * The part of a key about the user, and about the service if a rule asks for it; empty if it cannot be told from
     * the rest, as for a user without a home.
     */
    static String user(String key) {
        int end = key.length();
        int last = key.lastIndexOf('\n', end - 2) + 1;
        while (last > 0 && key.startsWith(WITHOUT, last)) {
            end = last;
            last = key.lastIndexOf('\n', end - 2) + 1;
        }
        int begin = key.lastIndexOf("\n\n", end - 1) + 2;
        String user = key.substring(Math.min(begin, end), end);
        return user.lines().count() < LINES_OF_USER ? "" : user;
    }

    /**
     * Equal for logins that share a view; empty for one that gets its own view.
     *
     * @param usual the default of sharing, if the rules do not say
     */
    public static Optional<String> of(Selection selection, Subject subject, Sharing usual) {
        StringBuilder key = new StringBuilder();
        boolean asksForService = false;
        for (Rule rule : selection.chosen()) {
            if (rule.hasOwnView(usual)) {
                return Optional.empty();
            }
            asksForService |= rule.does().contains(SERVICE);
            // An empty line ends a rule; no line within a rule is empty.
            key.append(rule.does()).append('\n');
        }
        key.append(subject.user())
                .append('\n')
                .append(subject.uid())
                .append('\n')
                .append(subject.gid())
                .append('\n');
        key.append(subject.group()).append('\n').append(subject.home()).append('\n');
        if (asksForService) {
            key.append(subject.service()).append('\n');
        }
        return Optional.of(key.toString());
    }
}
