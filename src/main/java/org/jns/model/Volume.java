// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;
import java.util.Optional;

/**
 * A file system that a program serves at the target, only for this view. The program runs as the user.
 *
 * @param action the word in rules
 * @param source the folder with the encrypted files; empty if none is needed
 * @param flags of its mount, in addition to nosuid and nodev, which it always has
 * @param creating the program that makes a new volume in an empty source, and its arguments; empty: none is made
 * @param command the program that mounts it, and its arguments
 * @param password whether the program gets the user's password
 * @param skippable whether a login without a password gets a view without it
 * @param create whether a missing source and target are made
 * @param required whether the login is refused if it fails
 */
public record Volume(
        Origin origin,
        String action,
        AbsPath target,
        Optional<AbsPath> source,
        MountFlags flags,
        List<String> creating,
        List<String> command,
        boolean password,
        boolean skippable,
        boolean create,
        int milliseconds,
        boolean required) {
    public Volume {
        creating = List.copyOf(creating);
        command = List.copyOf(command);
    }

    /** How it is mounted, in words. */
    public String details() {
        String what = source.isPresent() ? "of " + source.get() : "by " + String.join(", ", command);
        String secret = !password ? "" : skippable ? " with the password, else left out" : " with the password";
        String made = create ? ", made if missing" : "";
        String optional = required ? "" : ", may fail";
        return what + flags.appended() + secret + " within " + milliseconds / 1000 + "s" + made + optional;
    }
}
