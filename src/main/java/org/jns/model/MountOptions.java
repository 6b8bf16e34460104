// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The {@code options} of a rule. Absent numbers mean: as what the mount hides, or the file system's own default.
 *
 * @param size in bytes, tmpfs only
 * @param inodes at most so many files, tmpfs only
 * @param mode of the folder that is shown, private and tmpfs
 * @param uid its owner, private and tmpfs
 * @param gid its group, private and tmpfs
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
