// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/**
 * The error numbers that jns makes decisions on (equal on all architectures that it supports), and the texts for all.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ENOSPC = 28;
    public static final int ENOTEMPTY = 39;
    public static final int ELOOP = 40;
    public static final int EMSGSIZE = 90;
    public static final int EOPNOTSUPP = 95;
    public static final int EADDRINUSE = 98;
    public static final int ETIMEDOUT = 110;
    public static final int ESTALE = 116;
    public static final int EDQUOT = 122;

    private Errno() {}

    /** {@code Permission denied}, the text of strerror(3) in the C locale. */
    public static String text(int errno) {
        return jnr.constants.platform.Errno.valueOf(errno).toString();
    }

    /** {@code EACCES}. */
    public static String name(int errno) {
        return jnr.constants.platform.Errno.valueOf(errno).name();
    }
}
