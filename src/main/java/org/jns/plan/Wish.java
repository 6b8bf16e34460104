// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.Directive;
import org.jns.model.Origin;
import org.jns.model.PathTemplate;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Subject;

/** One target of one rule, with the subject's values in its paths. The paths are as written: links are not resolved yet. */
record Wish(Origin origin, Directive directive, AbsPath target, Optional<AbsPath> source) {

    /** What the chosen rules wish for the subject, in the rules' order. */
    static List<Wish> of(Selection selection, Subject subject) throws Refusal {
        List<Wish> wishes = new ArrayList<>();
        for (Rule rule : selection.chosen()) {
            Origin origin = new Origin(rule.name(), rule.at());
            try {
                Optional<AbsPath> source = source(rule.directive()).map(template -> template.expand(subject));
                for (PathTemplate target : rule.directive().targets()) {
                    wishes.add(new Wish(origin, rule.directive(), target.expand(subject), source));
                }
            } catch (IllegalArgumentException e) {
                throw new Refusal(origin, "cannot make the paths of rule " + rule.name() + ": " + e.getMessage());
            }
        }
        return wishes;
    }

    /** Whether what the host has there is seen no more. */
    boolean replaces() {
        return !(directive instanceof Directive.ReadOnly);
    }

    private static Optional<PathTemplate> source(Directive directive) {
        return directive instanceof Directive.Bind bind ? Optional.of(bind.source()) : Optional.empty();
    }
}
