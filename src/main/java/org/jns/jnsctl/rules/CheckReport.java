// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jns.jnsctl.output.Human;
import org.jns.jnsctl.output.JsonOutput;
import org.jns.model.Problem;
import org.jns.preflight.Forecast;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * The result of {@code jnsctl check}.
 *
 * @param rules how many could be read
 * @param forecast of users' logins; empty if none were planned
 */
record CheckReport(int rules, List<Problem> problems, Optional<Forecast> forecast) {

    long errors() {
        return problems.stream().filter(Problem::isError).count();
    }

    void print(PrintWriter out, boolean colours) {
        for (Problem problem : problems) {
            out.println(colours ? coloured(problem) : problem.toString());
        }
        out.println(errors() > 0 ? Human.count(errors(), "error") : Human.count(rules, "rule") + ", no errors");
        out.flush();
    }

    /** The same text: the position bold, the rest red or yellow. */
    private static String coloured(Problem problem) {
        String place = problem.at() + ":";
        String rest = problem.toString().substring(place.length());
        Style colour = problem.isError() ? Style.fg_red : Style.fg_yellow;
        return Style.bold.on() + place + Style.reset.on() + colour.on() + rest + Style.reset.on();
    }

    void printJson(PrintWriter out) throws IOException {
        JsonOutput.print(out, json -> {
            json.writeNumberField("rules", rules);
            json.writeNumberField("errors", errors());
            JsonOutput.objects(json, "problems", problems, problem -> {
                json.writeStringField("severity", problem.severity().name().toLowerCase(Locale.ROOT));
                json.writeStringField("file", problem.at().file());
                json.writeNumberField("line", problem.at().line());
                json.writeNumberField("column", problem.at().column());
                json.writeStringField("message", problem.message());
            });
            if (forecast.isPresent()) {
                writeForecast(json, forecast.get());
            }
        });
    }

    private static void writeForecast(JsonGenerator json, Forecast forecast) throws IOException {
        json.writeNumberField("logins_planned", forecast.tried());
        json.writeNumberField("logins_left_out", forecast.left());
        JsonOutput.objects(json, "refused", forecast.refused(), one -> {
            json.writeStringField("user", one.user());
            json.writeStringField("service", one.service());
            json.writeStringField("why", one.why());
            json.writeBooleanField("certain", one.isCertain());
            if (one.origin().isPresent()) {
                json.writeStringField("rule", one.origin().get().rule());
                json.writeStringField("file", one.origin().get().at().file());
                json.writeNumberField("line", one.origin().get().at().line());
                json.writeNumberField("column", one.origin().get().at().column());
            }
        });
        JsonOutput.strings(json, "unknown", forecast.unknown());
    }
}
