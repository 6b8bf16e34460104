// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import org.jns.model.MountFlags;

/** What fstatfs(2) returns for the mount that contains a file. */
public record FileSystem(long type, MountFlags flags) {
    private static final long FUSE_MAGIC = 0x65735546L;
    private static final long FUSE_CONTROL_MAGIC = 0x65735543L;
    private static final long NSFS_MAGIC = 0x6e736673L;

    /** Whether a program provides its files, perhaps a user's: it can claim any owner for them. */
    public boolean isFuse() {
        return type == FUSE_MAGIC;
    }

    /**
     * Whether it contains a folder for each FUSE file system, owned by the user who mounted that one. The kernel
     * provides this, not a program.
     */
    public boolean isFuseControl() {
        return type == FUSE_CONTROL_MAGIC;
    }

    /** Whether its files are namespaces, namespaces(7). */
    public boolean isNamespace() {
        return type == NSFS_MAGIC;
    }
}
