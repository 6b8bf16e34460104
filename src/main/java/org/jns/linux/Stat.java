// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/**
 * The result of statx(2) for an open file. A device is its major number, shifted left by 32 bits, and its minor number.
 *
 * @param mode complete, with the file type
 * @param device that contains the file
 * @param standsFor the device that a device node stands for; 0 for all other files
 */
public record Stat(int mode, long uid, long gid, long inode, long device, long standsFor) {
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int SYMLINK = 0120000;
    private static final int SOCKET = 0140000;
    private static final int CHARACTER_DEVICE = 0020000;

    // Major number 1, memory: null, zero, full, random and urandom, mem(4) and random(4).
    private static final long MEMORY = 1L << 32;
    private static final long NULL = MEMORY | 3;
    private static final long ZERO = MEMORY | 5;
    private static final long FULL = MEMORY | 7;
    private static final long RANDOM = MEMORY | 8;
    private static final long URANDOM = MEMORY | 9;

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

    public boolean isSameFile(Stat other) {
        return inode == other.inode && device == other.device;
    }

    public int permissions() {
        return mode & 07777;
    }

    /**
     * A device from which everybody reads the same, whatever was written to it. Another device may show one user what
     * another user wrote.
     */
    private boolean keepsNothing() {
        return (mode & TYPE) == CHARACTER_DEVICE
                && (standsFor == NULL
                        || standsFor == ZERO
                        || standsFor == FULL
                        || standsFor == RANDOM
                        || standsFor == URANDOM);
    }

    /**
     * Whether only root may change it, as far as mode and owner tell. For a device that stores nothing, this concerns
     * the node.
     */
    public boolean isRootOnly() {
        if (uid == 0 && keepsNothing()) {
            return true;
        }
        boolean groupMayWrite = (mode & 0020) != 0 && gid != 0;
        return uid == 0 && !groupMayWrite && (mode & 0002) == 0;
    }
}
