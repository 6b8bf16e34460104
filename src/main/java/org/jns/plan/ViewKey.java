// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.Optional;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Sharing;
import org.jns.model.Subject;

/** What decides whether two logins of a user get the same view: all that a plan is made of, but for what the host has where. */
public final class ViewKey {
    private static final String SERVICE = "${service}";

    private ViewKey() {}

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
        key.append(subject.user()).append('\n').append(subject.uid()).append('\n').append(subject.gid()).append('\n');
        key.append(subject.group()).append('\n').append(subject.home()).append('\n');
        if (asksForService) {
            key.append(subject.service()).append('\n');
        }
        return Optional.of(key.toString());
    }
}
