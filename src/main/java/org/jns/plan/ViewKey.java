// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.List;
import java.util.Optional;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Sharing;
import org.jns.model.Subject;

/** What decides whether two logins of a user get the same view: all that a plan is made of, but for what the host has where. */
public final class ViewKey {
    private static final String SERVICE = "${service}";
    private static final String WITHOUT = "without ";
    /** Without the service, which not every key has. */
    private static final int LINES_OF_USER = 5;

    private ViewKey() {}

    /**
     * Of a view that is as the key says, but for some volumes.
     *
     * @param key empty: nobody joins it anyway
     * @param rules the names of the volumes' rules
     */
    public static String without(String key, List<String> rules) {
        if (key.isEmpty()) {
            return key;
        }
        StringBuilder without = new StringBuilder(key);
        for (String rule : rules) {
            // Where the rules end, lines have no "=" before the user's own.
            without.append(WITHOUT).append(rule).append('\n');
        }
        return without.toString();
    }

    /**
     * What a key says of the user, and of the service where a rule asks for it; empty if it cannot be told from the rest, as for a user without
     * a home.
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
     * Equal for logins that share a view; empty for one that gets a view of its own.
     *
     * @param usual whose a view is where the rules do not say
     */
    public static Optional<String> of(Selection selection, Subject subject, Sharing usual) {
        StringBuilder key = new StringBuilder();
        boolean asksForService = false;
        for (Rule rule : selection.chosen()) {
            if (rule.hasOwnView(usual)) {
                return Optional.empty();
            }
            asksForService |= rule.does().contains(SERVICE);
            // An empty line ends a rule; none of its own is empty.
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
