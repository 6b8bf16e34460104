// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/**
 * The free room of a file system, fstatfs(2).
 *
 * @param bytes in total; 0 if the file system does not tell
 * @param freeBytes for processes of root and others
 * @param inodes in total, one for each file and folder; 0 if it has no fixed number
 * @param freeInodes the free ones
 */
public record Room(long bytes, long freeBytes, long inodes, long freeInodes) {
    private static final int ALL = 100;

    /** In percent. */
    public int freeBytesOfHundred() {
        return ofHundred(freeBytes, bytes);
    }

    /** In percent. */
    public int freeInodesOfHundred() {
        return ofHundred(freeInodes, inodes);
    }

    private static int ofHundred(long free, long all) {
        return all <= 0 ? ALL : (int) (free * (double) ALL / all);
    }
}
