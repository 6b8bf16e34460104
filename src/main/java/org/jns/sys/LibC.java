// SPDX-License-Identifier: Apache-2.0
package org.jns.sys;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * The C functions that jns calls. Few on purpose: each method costs start-up time, which a {@code jnsd --once} pays at a login. System
 * calls go through syscall(2), which the C library implements for both architectures with the calling convention of plain longs.
 */
interface LibC {

    long syscall(long number, long a, long b, long c, long d, long e, long f);

    int getpwnam_r(@In String name, @Out Pointer passwd, @Out Pointer buffer, long size, @Out Pointer result);

    int getgrnam_r(@In String name, @Out Pointer group, @Out Pointer buffer, long size, @Out Pointer result);

    int getgrgid_r(int gid, @Out Pointer group, @Out Pointer buffer, long size, @Out Pointer result);

    int getgrouplist(@In String user, int gid, @Out Pointer groups, Pointer count);

    /** Loaded once, on the thread that first asks: the main thread, at start-up. */
    final class Loaded {
        static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

        private Loaded() {}
    }
}
