// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** An error in a rules file, or a text in it that is probably a mistake. */
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

    /** {@code FILE:LINE:COLUMN: message}; a warning is marked as one. */
    @Override
    public String toString() {
        return at + ": " + (isError() ? "" : "warning: ") + message;
    }
}
