// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jns.model.ArgumentTemplate;
import org.jns.model.Directive;
import org.jns.model.Hook;
import org.jns.model.Origin;
import org.jns.model.Printable;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Subject;

/** Makes the hooks of the selected rules, in the rules' order. */
final class HookMaker {
    /** Far below the kernel's limit, and the limit of a jns message. */
    private static final int MOST_BYTES = 8192;

    private HookMaker() {}

    static List<Hook> all(Selection selection, Subject subject) throws Refusal {
        List<Hook> hooks = new ArrayList<>();
        for (Rule rule : selection.chosen()) {
            if (rule.directive() instanceof Directive.Run run) {
                hooks.add(hook(rule, run, subject));
            }
        }
        return hooks;
    }

    private static Hook hook(Rule rule, Directive.Run run, Subject subject) throws Refusal {
        Origin origin = new Origin(rule.name(), rule.at());
        try {
            List<String> arguments = new ArrayList<>();
            int bytes = 0;
            for (ArgumentTemplate template : run.arguments()) {
                String argument = template.expand(subject);
                if (!Printable.is(argument)) {
                    throw new IllegalArgumentException(
                            "argument '" + Printable.of(argument) + "' has a control character");
                }
                arguments.add(argument);
                bytes += argument.getBytes(StandardCharsets.UTF_8).length;
            }
            if (bytes > MOST_BYTES) {
                throw new IllegalArgumentException("its arguments are longer than " + MOST_BYTES + " bytes");
            }
            return new Hook(
                    origin,
                    run.program().expand(subject),
                    arguments,
                    run.milliseconds(),
                    run.asUser(),
                    rule.terms().required());
        } catch (IllegalArgumentException e) {
            throw new Refusal(origin, "cannot run " + run.program() + ": " + e.getMessage());
        }
    }
}
