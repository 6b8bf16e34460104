// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.Directive;
import org.jns.model.Rule;
import org.jns.model.Selection;

/**
 * What the selected rules say about a login that has no password for their volumes, and finds no view in which they are
 * mounted.
 */
public final class PasswordNeeds {

    private PasswordNeeds() {}

    /** The first rule that refuses such a login. */
    public static Optional<Rule> refusing(Selection selection) {
        for (Rule rule : selection.chosen()) {
            if (rule.directive() instanceof Directive.Volume volume && volume.password() && !volume.skippable()) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    /** The names of the rules whose volumes are left out, if no rule refuses. */
    public static List<String> leavingOut(Selection selection) {
        List<String> names = new ArrayList<>();
        for (Rule rule : selection.chosen()) {
            if (rule.directive() instanceof Directive.Volume volume && volume.password()) {
                names.add(rule.name());
            }
        }
        return names;
    }
}
