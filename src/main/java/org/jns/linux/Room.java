// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/**
 * What room a file system has, fstatfs(2).
 *
 * @param bytes in all; 0 if it does not tell
 * @param freeBytes for root's processes and others
 * @param inodes in all, each file and folder is one; 0 if it has no fixed number
 * @param freeInodes of them
 */
public record Room(long bytes, long freeBytes, long inodes, long freeInodes) {
    private static final int ALL = 100;

    /** Hundredths. */
    public int freeBytesOfHundred() {
        return ofHundred(freeBytes, bytes);
    }

    /** Hundredths. */
    public int freeInodesOfHundred() {
        return ofHundred(freeInodes, inodes);
    }

    private static int ofHundred(long free, long all) {
        return all <= 0 ? ALL : (int) (free * (double) ALL / all);
    }
}
