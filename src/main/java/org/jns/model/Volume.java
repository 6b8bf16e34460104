// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;
import java.util.Optional;

/**
 * A file system that a program serves at the target, for this view alone. The program runs as the user.
 *
 * @param action as rules name it
 * @param source where the encrypted files are; empty if nothing needs to be there
 * @param flags of its mount, beside nosuid and nodev, which it always has
 * @param creating the program that makes a new volume in an empty source, and its arguments; empty: none is made
 * @param command the program that mounts it, and its arguments
 * @param password whether the program gets the user's password
 * @param skippable whether a login without a password gets a view without it
 * @param create whether source and target are made where they are not there
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
}
