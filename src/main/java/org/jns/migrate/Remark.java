// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

/**
 * A message about one line of an imported file, for the admin.
 *
 * @param lost whether no rule expresses the line now
 */
public record Remark(String file, int line, boolean lost, String message) {

    private static final int MAX_SHOWN = 1000;

    /** The message is for a terminal, so it is shortened; the comment above the rule has the complete line. */
    public Remark {
        String shown = Shown.of(message).replace('\t', ' ');
        message = shown.length() > MAX_SHOWN ? shown.substring(0, MAX_SHOWN) + "..." : shown;
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + (lost ? "cannot translate this: " : "warning: ") + message;
    }
}
