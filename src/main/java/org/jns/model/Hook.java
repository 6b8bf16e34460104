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
}
