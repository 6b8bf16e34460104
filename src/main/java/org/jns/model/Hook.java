// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/**
 * A program that runs in the view after all mounts, before the session begins.
 *
 * @param required whether the login is refused if it fails
 */
public record Hook(
        Origin origin, AbsPath program, List<String> arguments, int milliseconds, boolean asUser, boolean required) {
    public Hook {
        arguments = List.copyOf(arguments);
    }

    /** How it runs, in words. */
    public String details() {
        String list = arguments.isEmpty() ? "" : "(" + String.join(", ", arguments) + ") ";
        String time = milliseconds % 1000 == 0 ? milliseconds / 1000 + "s" : milliseconds + "ms";
        return list + "as " + (asUser ? "user" : "root") + " within " + time + (required ? "" : ", may fail");
    }
}
