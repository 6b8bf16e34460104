// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

/**
 * What an admin must know of one line of an imported file.
 *
 * @param lost whether the line means something that no rule says now
 */
public record Remark(String file, int line, boolean lost, String message) {

    @Override
    public String toString() {
        return file + ":" + line + ": " + (lost ? "cannot translate this: " : "warning: ") + message;
    }
}
