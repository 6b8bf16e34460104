// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.doctor;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jns.doctor.Finding;
import org.jns.doctor.Finding.Severity;
import org.jns.jnsctl.output.Human;
import org.jns.jnsctl.output.JsonOutput;
import org.jns.model.Printable;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * The output of {@code jnsctl doctor}.
 *
 * @param unseen what could not be looked at
 */
record DoctorReport(List<Finding> findings, List<String> unseen) {

    /** The worst first; those of one severity in the order of discovery. */
    DoctorReport {
        List<Finding> sorted = new ArrayList<>(findings);
        sorted.sort(Comparator.comparing(Finding::severity));
        findings = List.copyOf(sorted);
    }

    long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    void print(PrintWriter out, boolean colours) {
        int severities = findings.stream()
                .mapToInt(finding -> word(finding).length())
                .max()
                .orElse(0);
        int abouts = findings.stream()
                .mapToInt(finding -> finding.about().length())
                .max()
                .orElse(0);
        for (Finding finding : findings) {
            String word = pad(word(finding), severities);
            out.println((colours ? colour(finding).on() + word + Style.reset.on() : word) + "  "
                    + pad(finding.about(), abouts) + "  " + finding.what());
            if (!finding.mend().isEmpty()) {
                String mend = "-> " + finding.mend();
                out.println(" ".repeat(severities + abouts + 4)
                        + (colours ? Style.bold.on() + mend + Style.reset.on() : mend));
            }
        }
        if (!unseen.isEmpty()) {
            out.println("could not look at: " + Printable.of(String.join(", ", unseen)));
        }
        out.println(summary());
        out.flush();
    }

    private String summary() {
        long errors = count(Severity.ERROR);
        List<String> words = new ArrayList<>();
        words.add(errors == 0 ? "no errors" : Human.count(errors, "error"));
        if (count(Severity.WARNING) > 0) {
            words.add(Human.count(count(Severity.WARNING), "warning"));
        }
        if (count(Severity.NOTE) > 0) {
            words.add(Human.count(count(Severity.NOTE), "note"));
        }
        return String.join(", ", words);
    }

    private static String word(Finding finding) {
        return finding.severity().name().toLowerCase(Locale.ROOT);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static Style colour(Finding finding) {
        return switch (finding.severity()) {
            case ERROR -> Style.fg_red;
            case WARNING -> Style.fg_yellow;
            case NOTE -> Style.fg_cyan;
        };
    }

    void printJson(PrintWriter out) throws IOException {
        JsonOutput.print(out, json -> {
            for (Severity severity : Severity.values()) {
                json.writeNumberField(severity.name().toLowerCase(Locale.ROOT) + "s", count(severity));
            }
            JsonOutput.objects(json, "findings", findings, finding -> {
                json.writeStringField("severity", word(finding));
                json.writeStringField("about", finding.about());
                json.writeStringField("what", finding.what());
                json.writeStringField("mend", finding.mend());
            });
            JsonOutput.strings(json, "could_not_look_at", unseen);
        });
    }
}
