// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jns.model.Problem;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * What {@code jnsctl check} found.
 *
 * @param rules how many could be read
 */
record CheckReport(int rules, List<Problem> problems) {

    long errors() {
        return problems.stream().filter(Problem::isError).count();
    }

    void print(PrintWriter out, boolean colours) {
        for (Problem problem : problems) {
            out.println(colours ? coloured(problem) : problem.toString());
        }
        out.println(errors() > 0 ? count(errors(), "error") : count(rules, "rule") + ", no errors");
        out.flush();
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** The same text: the place bold, the rest red or yellow. */
    private static String coloured(Problem problem) {
        String place = problem.at() + ":";
        String rest = problem.toString().substring(place.length());
        Style colour = problem.isError() ? Style.fg_red : Style.fg_yellow;
        return Style.bold.on() + place + Style.reset.on() + colour.on() + rest + Style.reset.on();
    }

    void printJson(PrintWriter out) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false);
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeNumberField("rules", rules);
            json.writeNumberField("errors", errors());
            json.writeArrayFieldStart("problems");
            for (Problem problem : problems) {
                json.writeStartObject();
                json.writeStringField("severity", problem.severity().name().toLowerCase(Locale.ROOT));
                json.writeStringField("file", problem.at().file());
                json.writeNumberField("line", problem.at().line());
                json.writeNumberField("column", problem.at().column());
                json.writeStringField("message", problem.message());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.println();
        out.flush();
    }
}
