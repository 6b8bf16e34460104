// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The {@code options} of a rule. An absent number means the value of the covered folder, or the file system's default.
 *
 * @param size in bytes, only for tmpfs
 * @param inodes limit of the number of files, only for tmpfs
 * @param mode of the folder that is shown, for private and tmpfs
 * @param uid its owner, for private and tmpfs
 * @param gid its group, for private and tmpfs
 */
public record MountOptions(
        MountFlags flags,
        OptionalLong size,
        OptionalLong inodes,
        OptionalInt mode,
        OptionalLong uid,
        OptionalLong gid) {

    public static final MountOptions NONE = new MountOptions(
            MountFlags.NONE,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());

    public MountOptions withFlags(MountFlags more) {
        return new MountOptions(flags.plus(more), size, inodes, mode, uid, gid);
    }
}
