// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.Directive;
import org.jns.model.NamespaceKind;
import org.jns.model.Origin;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Spaces;

/** Collects the namespaces of other kinds that the selected rules ask for. */
final class SpaceMaker {

    private SpaceMaker() {}

    static Spaces all(Selection selection) throws Refusal {
        List<Spaces.Wanted> wanted = new ArrayList<>();
        for (NamespaceKind kind : NamespaceKind.VIEW_KINDS) {
            Optional<Origin> origin = first(selection, kind);
            if (origin.isPresent()) {
                wanted.add(new Spaces.Wanted(kind, origin.get()));
            }
        }
        return wanted.isEmpty() ? Spaces.NONE : new Spaces(wanted, hostname(selection));
    }

    /** The first rule that asks for one of that kind. */
    static Optional<Origin> first(Selection selection, NamespaceKind kind) {
        for (Rule rule : selection.chosen()) {
            if (rule.directive() instanceof Directive.Isolate isolate
                    && isolate.kinds().contains(kind)) {
                return Optional.of(new Origin(rule.name(), rule.at()));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> hostname(Selection selection) throws Refusal {
        Optional<String> name = Optional.empty();
        Origin first = null;
        for (Rule rule : selection.chosen()) {
            if (rule.directive() instanceof Directive.Isolate isolate
                    && isolate.hostname().isPresent()) {
                Origin origin = new Origin(rule.name(), rule.at());
                if (name.isPresent() && !name.equals(isolate.hostname())) {
                    throw new Refusal(
                            origin,
                            "cannot give the host two names: "
                                    + isolate.hostname().get() + " here and " + name.get() + " by rule " + first
                                    + "; change one, or who the rules are for");
                }
                name = isolate.hostname();
                first = origin;
            }
        }
        return name;
    }
}
