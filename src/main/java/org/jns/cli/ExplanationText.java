// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import java.io.PrintWriter;
import org.jns.model.Planned;
import org.jns.model.Printable;
import org.jns.model.Selection;
import org.jns.model.Step;
import org.jns.model.Subject;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** An explanation to be read. */
final class ExplanationText {
    private static final int WIDEST = 4096;

    private ExplanationText() {}

    static void print(Explanation explanation, PrintWriter out) {
        Subject subject = explanation.subject();
        Selection selection = explanation.selection();
        int all = selection.chosen().size() + selection.passedOver().size();
        out.println(Printable.of(subject.user()) + " (uid " + subject.uid() + ") by " + Printable.of(subject.service()) + ": "
                + selection.chosen().size() + " of " + all + " rules apply");
        if (explanation.planned() instanceof Planned.Refused refused) {
            out.println("the login is refused" + (subject.isRoot() ? ", but root gets in without a view" : "") + ": " + refused.why());
            out.println("  rule " + refused.origin());
        } else if (selection.isEmpty()) {
            out.println("no view of its own: the session sees what the host sees");
        } else {
            steps(((Planned.Ready) explanation.planned()).plan().steps(), out);
        }
        passedOver(selection, out);
    }

    private static void steps(java.util.List<Step> steps, PrintWriter out) {
        String[][] rows = new String[steps.size()][];
        for (int i = 0; i < rows.length; i++) {
            Step step = steps.get(i);
            StepWords words = StepWords.of(step);
            rows[i] = new String[] {String.valueOf(i + 1), words.action(), step.onto().value(), words.with(), step.origin().toString()};
        }
        table(rows, out);
    }

    private static void passedOver(Selection selection, PrintWriter out) {
        if (selection.passedOver().isEmpty()) {
            return;
        }
        out.println("rules that do not apply:");
        table(
                selection.passedOver().stream()
                        .map(p -> new String[] {"[" + p.rule().name() + "]", p.why(), p.rule().at().file() + ":" + p.rule().at().line()})
                        .toArray(String[][]::new),
                out);
    }

    private static void table(String[][] rows, PrintWriter out) {
        int columns = rows[0].length;
        Column[] widths = new Column[columns];
        for (int c = 0; c < columns; c++) {
            int width = 0;
            for (String[] row : rows) {
                width = Math.max(width, row[c].length());
            }
            widths[c] = new Column(Math.min(width + 2, WIDEST), 2, Overflow.SPAN);
        }
        TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), widths);
        for (String[] row : rows) {
            table.addRowValues(row);
        }
        out.print(table);
        out.flush();
    }
}
