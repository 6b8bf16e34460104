// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/**
 * What statx(2) says of an open file. A device is its major number, shifted left by 32 bits, and its minor number.
 *
 * @param mode the whole of it, with the type
 * @param device that the file is on
 * @param standsFor the device that a device's node stands for; 0 for all others
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

    /** A device of which everybody reads the same, whatever anybody has written to it. Another one may show one user what another one wrote. */
    private boolean keepsNothing() {
        return (mode & TYPE) == CHARACTER_DEVICE
                && (standsFor == NULL || standsFor == ZERO || standsFor == FULL || standsFor == RANDOM || standsFor == URANDOM);
    }

    /** Whether root alone may change it, as far as mode and owner tell. Of a device that keeps nothing, what could be changed is the node. */
    public boolean isRootOnly() {
        if (uid == 0 && keepsNothing()) {
            return true;
        }
        boolean groupMayWrite = (mode & 0020) != 0 && gid != 0;
        return uid == 0 && !groupMayWrite && (mode & 0002) == 0;
    }
}
