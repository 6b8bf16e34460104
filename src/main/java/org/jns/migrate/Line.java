// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One line of an imported file, or one element, on its way to a rule. */
final class Line {

    private final String file;
    private final int number;
    private final String text;
    private final List<String> notes = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private Optional<Draft> draft = Optional.empty();
    private boolean inForce = true;

    /**
     * @param text as it stands there, for the admin to recognize
     */
    Line(String file, int number, String text) {
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

    /** Where another line can be found from this one's file. */
    String placeFor(Line reader) {
        return reader.file.equals(file) ? "line " + number : file + ":" + number;
    }

    String text() {
        return text;
    }

    /** What stands above the rule, without "# ". */
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

    /** Whether there is a rule that holds, and not only one that an admin may like to complete. */
    boolean isInForce() {
        return inForce && draft.isPresent();
    }

    /** Something good to know when reading the rule. */
    void note(String message) {
        notes.add(message);
    }

    /** Something that was not as it looked, or is not as it was. */
    void warn(String message) {
        notes.add("warning: " + message);
        remarks.add(new Remark(file, number, false, message));
    }

    /** What the line means cannot be said in rules. Its draft, if there is one, is shown but not in force. */
    void lost(String reason) {
        notes.add("not translated: " + reason);
        remarks.add(new Remark(file, number, true, reason));
        inForce = false;
    }

    /** The line had no effect; so there is no rule, and nothing is lost. */
    void withoutEffect(String reason) {
        warn(reason);
        draft = Optional.empty();
    }
}
