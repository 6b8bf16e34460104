// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.List;

/** One line of a file in {@code /etc/pam.d}, pam.conf(5). */
public sealed interface PamLine {

    /** The position of its beginning. */
    Place at();

    /** A file by its whole path, and a line that counts from 1. */
    record Place(String file, int line) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /**
     * A call of a module.
     *
     * @param type auth, account, password or session
     * @param module as it is written
     */
    record Call(Place at, String type, PamControl control, String module, List<String> options) implements PamLine {
        public Call {
            options = List.copyOf(options);
        }
    }

    /**
     * Includes the lines of another file.
     *
     * @param type of the lines that are taken; empty for all of them ({@code @include})
     * @param asOne a {@code substack}: jumps and ends in it affect only itself
     */
    record Include(Place at, String type, String file, boolean asOne) implements PamLine {}

    /**
     * A line that PAM treats as a module that always fails.
     *
     * @param type whose stack fails; empty: every one
     */
    record Wrong(Place at, String type, String why) implements PamLine {}

    /** Whether the line is part of that stack. */
    default boolean isOf(String wanted) {
        String own = this instanceof Call call
                ? call.type()
                : this instanceof Include include ? include.type() : ((Wrong) this).type();
        return own.isEmpty() || own.equals(wanted);
    }
}
