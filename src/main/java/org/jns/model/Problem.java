// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** Something that is wrong with a rules file, or surely not meant. */
public record Problem(Severity severity, Position at, String message) {

    public enum Severity {
        ERROR,
        WARNING
    }

    public static Problem error(Position at, String message) {
        return new Problem(Severity.ERROR, at, message);
    }

    public static Problem warning(Position at, String message) {
        return new Problem(Severity.WARNING, at, message);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code FILE:LINE:COLUMN: message}; a warning says so. */
    @Override
    public String toString() {
        return at + ": " + (isError() ? "" : "warning: ") + message;
    }
}
