// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import org.jns.model.Problem;

/**
 * A fact about the installation that an admin should know.
 *
 * @param about the part of the machine, in one word
 * @param mend a command or an edit; empty if nothing can be done
 */
public record Finding(Severity severity, String about, String what, String mend) {

    public enum Severity {
        /** Users who should get in do not, or nobody is isolated. */
        ERROR,
        /** It works less well, or for fewer users, than was probably meant. */
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

    /** A finding of {@code jnsctl check}, whose message includes the remedy. */
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
