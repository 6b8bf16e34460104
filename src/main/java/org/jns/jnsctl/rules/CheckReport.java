// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
        out.println(errors() > 0 ? count(errors(), "error") : count(rules, "rule") + ", no errors");
        out.flush();
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** The same text: the position bold, the rest red or yellow. */
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
            if (forecast.isPresent()) {
                writeForecast(json, forecast.get());
            }
            json.writeEndObject();
        }
        out.println();
        out.flush();
    }

    private static void writeForecast(JsonGenerator json, Forecast forecast) throws IOException {
        json.writeNumberField("logins_planned", forecast.tried());
        json.writeNumberField("logins_left_out", forecast.left());
        json.writeArrayFieldStart("refused");
        for (Forecast.Refused one : forecast.refused()) {
            json.writeStartObject();
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
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("unknown");
        for (String why : forecast.unknown()) {
            json.writeString(why);
        }
        json.writeEndArray();
    }
}
