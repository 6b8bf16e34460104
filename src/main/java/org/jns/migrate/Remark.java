// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

/**
 * What an admin must know of one line of an imported file.
 *
 * @param lost whether the line means something that no rule says now
 */
public record Remark(String file, int line, boolean lost, String message) {

    private static final int MAX_SHOWN = 1000;

    /** What a line has goes to a terminal here; the comment above the rule has all of it. */
    public Remark {
        String shown = Shown.of(message).replace('\t', ' ');
        message = shown.length() > MAX_SHOWN ? shown.substring(0, MAX_SHOWN) + "..." : shown;
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + (lost ? "cannot translate this: " : "warning: ") + message;
    }
}
