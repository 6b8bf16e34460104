// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.nio.charset.StandardCharsets;

/**
 * Checks user names: anything that a user database may contain, except names that could be read as a path or an option.
 */
public final class UserName {

    /** LOGIN_NAME_MAX of Linux, limits.h(0p). */
    private static final int MAX_BYTES = 256;

    private UserName() {}

    /**
     * @throws IllegalArgumentException with a message for the journal
     */
    public static void check(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("user name is empty");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("user name is longer than " + MAX_BYTES + " bytes");
        }
        if (!Printable.is(name)
                || name.indexOf('/') >= 0
                || name.indexOf(':') >= 0
                || name.startsWith("-")
                || name.equals(".")
                || name.equals("..")) {
            throw new IllegalArgumentException("'" + Printable.of(name) + "' is no user name");
        }
    }
}
