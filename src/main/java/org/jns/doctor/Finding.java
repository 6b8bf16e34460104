// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import org.jns.model.Problem;

/**
 * Something about the installation that an admin should know.
 *
 * @param about one word for the part of the machine that it is about
 * @param mend a command or an edit; empty where there is nothing to do
 */
public record Finding(Severity severity, String about, String what, String mend) {

    public enum Severity {
        /** Somebody who should get in does not, or nobody is isolated. */
        ERROR,
        /** It works less well, or for fewer people, than was surely meant. */
        WARNING,
        NOTE
    }

    static Finding error(String about, String what, String mend) {
        return new Finding(Severity.ERROR, about, what, mend);
    }

    static Finding warning(String about, String what, String mend) {
        return new Finding(Severity.WARNING, about, what, mend);
    }

    static Finding note(String about, String what, String mend) {
        return new Finding(Severity.NOTE, about, what, mend);
    }

    /** What {@code jnsctl check} has to say; the message itself tells what to do. */
    public static Finding of(Problem problem) {
        return new Finding(
                problem.isError() ? Severity.ERROR : Severity.WARNING,
                "rules",
                problem.at() + ": " + problem.message(),
                "");
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
