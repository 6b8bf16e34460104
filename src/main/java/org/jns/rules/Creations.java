// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jns.model.Creation;
import org.jns.model.Printable;
import org.jns.model.Subject;
import org.jns.rules.ini.Numbers;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;

/** Reads the {@code create} of one rule: {@code MODE[:OWNER[:GROUP]]}. */
final class Creations {

    private static final String USER = "${user}";
    private static final String GROUP = "${group}";

    private final Problems problems;

    private Creations(Problems problems) {
        this.problems = problems;
    }

    /** Empty after a problem. */
    static Optional<Creation> read(StrictIni.Entry entry, Problems problems) {
        return new Creations(problems).read(entry.value());
    }

    private Optional<Creation> read(SourceSpan value) {
        String text = value.text();
        int first = text.indexOf(':');
        int second = first < 0 ? -1 : text.indexOf(':', first + 1);
        if (second >= 0 && text.indexOf(':', second + 1) >= 0) {
            problems.error(value.at(text.indexOf(':', second + 1)), "expected MODE, MODE:OWNER or MODE:OWNER:GROUP");
            return Optional.empty();
        }
        int errorsBefore = problems.errors();
        OptionalInt mode = Numbers.mode(value.part(0, first < 0 ? text.length() : first), "create = 0755", problems);
        Creation.Owner owner = first < 0
                ? new Creation.Numbered(0)
                : owner(value.part(first + 1, second < 0 ? text.length() : second), "owner", USER);
        Optional<Creation.Owner> group = second < 0
                ? Optional.empty()
                : Optional.of(owner(value.part(second + 1, text.length()), "group", GROUP));
        return problems.errors() == errorsBefore
                ? Optional.of(new Creation(mode.orElseThrow(), owner, group))
                : Optional.empty();
    }

    private Creation.Owner owner(SourceSpan value, String what, String variable) {
        String text = value.text();
        if (text.equals(variable)) {
            return new Creation.OfSubject();
        }
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long id = Numbers.parse(text, Subject.MAX_ID);
            if (id < 0) {
                problems.error(
                        value.at(), "'" + Printable.of(text) + "' is no id: a number from 0 to " + Subject.MAX_ID);
            }
            return new Creation.Numbered(id);
        }
        if (text.isEmpty() || !isName(text)) {
            problems.error(
                    value.at(), "'" + Printable.of(text) + "' is no " + what + ": a name, a number or " + variable);
        }
        return new Creation.Named(text, OptionalLong.empty());
    }

    private static boolean isName(String text) {
        return "-!~@".indexOf(text.charAt(0)) < 0 && text.chars().noneMatch(c -> " \t/:,*?$".indexOf(c) >= 0);
    }
}
