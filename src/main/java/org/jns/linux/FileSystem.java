// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import org.jns.model.MountFlags;

/** What fstatfs(2) says of the mount that a file is on. */
public record FileSystem(long type, MountFlags flags) {
    private static final long FUSE_MAGIC = 0x65735546L;
    private static final long FUSE_CONTROL_MAGIC = 0x65735543L;
    private static final long NSFS_MAGIC = 0x6e736673L;

    /** Whether a program answers for its files, which may be a user's: it can claim any owner for them. */
    public boolean isFuse() {
        return type == FUSE_MAGIC;
    }

    /** Whether it has a folder for each FUSE file system, owned by who mounted that one; the kernel says so, and no program. */
    public boolean isFuseControl() {
        return type == FUSE_CONTROL_MAGIC;
    }

    /** Whether its files are namespaces, namespaces(7). */
    public boolean isNamespace() {
        return type == NSFS_MAGIC;
    }
}
