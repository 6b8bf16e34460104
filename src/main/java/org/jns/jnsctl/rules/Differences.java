// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.jns.jnsctl.output.JsonOutput;
import org.jns.jnsctl.output.Table;
import org.jns.model.Printable;
import org.jns.model.Verdict;

/** The output of {@code jnsctl diff}. */
record Differences(Explanation explanation, List<Difference> all) {

    void print(PrintWriter out) {
        String who = Printable.of(explanation.subject().user()) + " (uid "
                + explanation.subject().uid() + ") by "
                + Printable.of(explanation.subject().service());
        if (explanation.verdict() instanceof Verdict.LetIn letIn) {
            out.println(who + " sees what the host sees, for a view cannot be made: " + letIn.why());
            letIn.origin().ifPresent(origin -> out.println("  rule " + origin));
        } else if (explanation.verdict() instanceof Verdict.Refused refused) {
            out.println(who + " is refused: " + refused.why());
            refused.origin().ifPresent(origin -> out.println("  rule " + origin));
        } else if (all.isEmpty()) {
            out.println(who + " sees what the host sees");
        } else {
            out.println(who + " sees what the host sees, but");
            Table table = new Table();
            all.forEach(difference -> table.row(difference.place(), difference.words()));
            table.print(out);
        }
        out.flush();
    }

    void printJson(PrintWriter out) throws IOException {
        JsonOutput.print(out, json -> {
            json.writeStringField("user", explanation.subject().user());
            json.writeNumberField("uid", explanation.subject().uid());
            json.writeStringField("service", explanation.subject().service());
            if (explanation.verdict() instanceof Verdict.Refused refused) {
                json.writeStringField("refused", refused.why());
            } else if (explanation.verdict() instanceof Verdict.LetIn letIn) {
                json.writeStringField("not_isolated", letIn.why());
            }
            JsonOutput.objects(json, "differences", all, difference -> {
                json.writeStringField(difference.isPath() ? "target" : "namespace", difference.place());
                json.writeStringField("what", difference.words());
                json.writeStringField("rule", difference.origin().rule());
                json.writeStringField("file", difference.origin().at().file());
                json.writeNumberField("line", difference.origin().at().line());
            });
        });
    }
}
