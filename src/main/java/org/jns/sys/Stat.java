// SPDX-License-Identifier: Apache-2.0
package org.jns.sys;

/** What statx(2) says of an open file. The mode is the whole of it, with the type. */
public record Stat(int mode, long uid, long gid, long inode, long device) {
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int SYMLINK = 0120000;
    private static final int SOCKET = 0140000;

    public boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    public boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    public boolean isSymlink() {
        return (mode & TYPE) == SYMLINK;
    }

    public boolean isSocket() {
        return (mode & TYPE) == SOCKET;
    }

    public int permissions() {
        return mode & 07777;
    }

    /** Whether root alone may change it, as far as mode and owner tell. */
    public boolean isRootOnly() {
        boolean groupMayWrite = (mode & 0020) != 0 && gid != 0;
        return uid == 0 && !groupMayWrite && (mode & 0002) == 0;
    }
}
