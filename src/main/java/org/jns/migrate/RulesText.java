// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.model.Directive;
import org.jns.model.Problem;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;

/** Joins comments and lines to one rules file, in order, and lets the reader of rules check every rule. */
final class RulesText {

    /** A longer comment continues in the next line; the reader accepts no line above 4096 bytes. */
    private static final int MAX_COMMENT = 1000;

    /** A comment or a blank line of an imported file, or one of its lines. */
    private record Piece(String comment, Optional<ConfigLine> line) {}

    private final List<Piece> pieces = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final StringBuilder out = new StringBuilder();
    private boolean blank = true;

    /** Adds an explanation, without "#". */
    void comment(String text) {
        kept("# " + text);
    }

    /** Adds a comment of the file, with its "#", or an empty text for a blank line. */
    void kept(String text) {
        pieces.add(new Piece(text, Optional.empty()));
    }

    void line(ConfigLine line) {
        pieces.add(new Piece("", Optional.of(line)));
    }

    Imported finish() {
        List<ConfigLine> lines = new ArrayList<>();
        pieces.forEach(piece -> piece.line().ifPresent(lines::add));
        // A rule that is not accepted covers no other.
        lines.forEach(line -> examine(line, "rule"));
        Overlaps.settle(lines);
        for (Piece piece : pieces) {
            if (piece.line().isPresent()) {
                print(piece.line().get());
            } else if (piece.comment().isEmpty()) {
                blank();
            } else {
                printComment(piece.comment());
            }
        }
        List<Remark> remarks = new ArrayList<>();
        lines.forEach(line -> remarks.addAll(line.remarks()));
        String text = pieces.isEmpty() ? "" : out.toString().stripTrailing() + "\n";
        Optional<Problem> problem =
                parse(text).problems().stream().filter(Problem::isError).findFirst();
        if (problem.isPresent()) {
            // Each rule was accepted by itself: there are too many for one file.
            String reason =
                    "jns does not take so much in one file (" + problem.get().message() + "); import it in parts";
            remarks.add(new Remark(lines.isEmpty() ? "import" : lines.get(0).file(), 1, true, reason));
            return new Imported("# not translated: " + reason + "\n", remarks);
        }
        return new Imported(text, remarks);
    }

    private void print(ConfigLine line) {
        blank();
        List<String> section = section(line);
        printComment("# line " + line.number() + ": " + line.text());
        line.notes().forEach(note -> printComment("# " + note));
        for (String text : section) {
            if (line.isInForce()) {
                append(text);
            } else {
                printComment("#" + text);
            }
        }
        blank();
    }

    /** The lines of the rule, if there is one. */
    private List<String> section(ConfigLine line) {
        if (line.draft().isEmpty()) {
            return List.of();
        }
        String name = name(line.draft().get().nameIdea());
        examine(line, name);
        return line.draft().get().lines(name);
    }

    private static void examine(ConfigLine line, String name) {
        if (!line.isInForce()) {
            return;
        }
        Draft draft = line.draft().orElseThrow();
        Parsed parsed = parse(String.join("\n", draft.lines(name)) + "\n");
        if (parsed.hasErrors()) {
            String why = parsed.problems().stream()
                    .filter(Problem::isError)
                    .findFirst()
                    .orElseThrow()
                    .message();
            line.lost("jns refuses the rule: " + why);
        } else if (!says(parsed, draft)) {
            line.lost("a path of it cannot be written in a rules file");
        }
    }

    /** A "#" after a blank, for example, would begin a comment. */
    private static boolean says(Parsed parsed, Draft draft) {
        if (parsed.rules().rules().size() != 1) {
            return false;
        }
        Directive read = parsed.rules().rules().get(0).directive();
        boolean sameSource = !(read instanceof Directive.Bind bind)
                || bind.source().text().equals(draft.source().orElse(""));
        boolean sameVolume = !(read instanceof Directive.Volume volume)
                || volume.source()
                        .filter(s -> s.text().equals(draft.source().orElse("")))
                        .isPresent();
        return read.places().size() == 1
                && read.places().get(0).text().equals(draft.target())
                && sameSource
                && sameVolume;
    }

    private static Parsed parse(String rules) {
        return RulesParser.parse(List.of(new RulesSource("rules", rules.getBytes(StandardCharsets.UTF_8))));
    }

    private String name(String idea) {
        String name = idea;
        for (int i = 2; !names.add(name); i++) {
            name = idea + "-" + i;
        }
        return name;
    }

    private void printComment(String text) {
        String rest = Shown.of(text).stripTrailing();
        while (rest.length() > MAX_COMMENT) {
            int end = Character.isHighSurrogate(rest.charAt(MAX_COMMENT - 1)) ? MAX_COMMENT - 1 : MAX_COMMENT;
            append(rest.substring(0, end));
            rest = "#   " + rest.substring(end);
        }
        append(rest);
    }

    private void append(String line) {
        out.append(line).append('\n');
        blank = false;
    }

    private void blank() {
        if (!blank) {
            out.append('\n');
            blank = true;
        }
    }
}
