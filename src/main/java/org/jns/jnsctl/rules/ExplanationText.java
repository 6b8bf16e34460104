// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.io.PrintWriter;
import java.util.List;
import org.jns.jnsctl.output.Table;
import org.jns.model.Hook;
import org.jns.model.Plan;
import org.jns.model.Printable;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Spaces;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Verdict;
import org.jns.model.Volume;
import org.jns.rules.RuleMatcher;

/** Prints an explanation as text. */
final class ExplanationText {

    private ExplanationText() {}

    static void print(Explanation explanation, PrintWriter out) {
        Subject subject = explanation.subject();
        Selection selection = explanation.selection();
        int all = selection.chosen().size() + selection.passedOver().size();
        out.println(Printable.of(subject.user()) + " (uid " + subject.uid() + ") by " + Printable.of(subject.service())
                + ": " + selection.chosen().size() + " of " + all + " rules apply");
        Verdict verdict = explanation.verdict();
        if (verdict instanceof Verdict.View view) {
            steps(view.plan(), out);
            if (!explanation.shared()) {
                out.println("each session has a view of its own");
            }
        } else if (verdict instanceof Verdict.LetIn letIn) {
            out.println("no view can be made, but " + letIn.lets() + " without one: " + letIn.why());
            letIn.origin().ifPresent(origin -> out.println("  rule " + origin));
        } else if (verdict instanceof Verdict.Refused refused) {
            out.println("the login is refused: " + refused.why());
            refused.origin().ifPresent(origin -> out.println("  rule " + origin));
        } else {
            out.println("no view of its own: the session sees what the host sees");
        }
        leftOut(explanation.leftOut(), out);
        passedOver(selection, subject, out);
        out.flush();
    }

    private static void steps(Plan plan, PrintWriter out) {
        Table table = new Table();
        int number = 0;
        for (Step step : plan.steps()) {
            table.row(
                    String.valueOf(++number),
                    step.action(),
                    step.onto().value(),
                    step.details(),
                    step.origin().toString());
        }
        for (Volume volume : plan.volumes()) {
            table.row(
                    String.valueOf(++number),
                    volume.action(),
                    volume.target().value(),
                    volume.details(),
                    volume.origin().toString());
        }
        for (Hook hook : plan.hooks()) {
            table.row(
                    String.valueOf(++number),
                    "run",
                    hook.program().value(),
                    hook.details(),
                    hook.origin().toString());
        }
        for (Spaces.Wanted wanted : plan.spaces().wanted()) {
            table.row(
                    String.valueOf(++number),
                    "isolate",
                    wanted.kind().word(),
                    plan.spaces().details(wanted.kind()),
                    wanted.origin().toString());
        }
        table.print(out);
    }

    private static void leftOut(List<Plan.LeftOut> leftOut, PrintWriter out) {
        if (leftOut.isEmpty()) {
            return;
        }
        out.println("left out:");
        Table table = new Table();
        for (Plan.LeftOut left : leftOut) {
            table.row(left.target().value(), left.why(), left.origin().toString());
        }
        table.print(out);
    }

    private static void passedOver(Selection selection, Subject subject, PrintWriter out) {
        if (selection.passedOver().isEmpty()) {
            return;
        }
        out.println("rules that do not apply:");
        Table table = new Table();
        for (Rule rule : selection.passedOver()) {
            table.row(
                    "[" + rule.name() + "]",
                    RuleMatcher.whyNot(rule, subject),
                    rule.at().file() + ":" + rule.at().line());
        }
        table.print(out);
    }
}
