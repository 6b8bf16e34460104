// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One line, or one element, of an imported file, with its rule and remarks. */
final class ConfigLine {

    private final String file;
    private final int number;
    private final String text;
    private final List<String> notes = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private Optional<Draft> draft = Optional.empty();
    private boolean inForce = true;

    /** @param text as written, so that the admin recognizes it */
    ConfigLine(String file, int number, String text) {
        this.file = file;
        this.number = number;
        this.text = text;
    }

    String file() {
        return file;
    }

    int number() {
        return number;
    }

    /** How another line refers to this one. */
    String placeFor(ConfigLine reader) {
        return reader.file.equals(file) ? "line " + number : file + ":" + number;
    }

    String text() {
        return text;
    }

    /** The lines above the rule, without "# ". */
    List<String> notes() {
        return notes;
    }

    List<Remark> remarks() {
        return remarks;
    }

    Optional<Draft> draft() {
        return draft;
    }

    void draft(Draft rule) {
        draft = Optional.of(rule);
    }

    /** Whether the rule is in force, and not only a draft for the admin. */
    boolean isInForce() {
        return inForce && draft.isPresent();
    }

    /** Adds information for readers of the rule. */
    void note(String message) {
        notes.add(message);
    }

    /** Adds a remark that the line differed from its appearance, or differs from its rule. */
    void warn(String message) {
        notes.add("warning: " + message);
        remarks.add(new Remark(file, number, false, message));
    }

    /** No rule can express the line. Its draft, if there is one, is shown but not in force. */
    void lost(String reason) {
        notes.add("not translated: " + reason);
        remarks.add(new Remark(file, number, true, reason));
        inForce = false;
    }

    /** The line had no effect; so it has no rule, and nothing is lost. */
    void withoutEffect(String reason) {
        warn(reason);
        draft = Optional.empty();
    }
}
