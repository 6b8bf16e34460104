// SPDX-License-Identifier: Apache-2.0
package org.jns.sys;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * The C functions that jns calls. Few on purpose: each method costs start-up time, which a {@code jnsd --once} pays at a login. System
 * calls go through syscall(2), which the C library implements for both architectures with the calling convention of plain longs. Numbers
 * and addresses only: each other type of parameter brings converters along.
 */
interface LibC {

    /** Five arguments: of the calls in {@link Arch.Call} only epoll_pwait(2) has a sixth, which it does not read. */
    long syscall(long number, long a, long b, long c, long d, long e);

    int getpwnam_r(long name, long passwd, long buffer, long size, long result);

    int getgrnam_r(long name, long group, long buffer, long size, long result);

    int getgrgid_r(int gid, long group, long buffer, long size, long result);

    int getgrouplist(long user, int gid, long groups, long count);

    /** Loaded once, on the thread that first asks: the main thread, at start-up. */
    final class Loaded {
        static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

        private Loaded() {}
    }
}
