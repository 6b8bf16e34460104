// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.output;

/** The exit statuses of {@code jnsctl}, except 0 and picocli's status for a wrong command line. */
public final class ExitStatus {

    /** The command found problems, or could not do its work. */
    public static final int FAILED = 1;

    private ExitStatus() {}
}
