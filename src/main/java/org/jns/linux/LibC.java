// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.util.Arrays;

/**
 * The C functions that jns calls. The signatures use only numbers and addresses, and there are few, because {@code jnsd
 * --once} loads them during a login. They are called through the layer that jnr-ffi itself uses, because an interface
 * of jnr-ffi would cost that login a proxy class and converters for each method. System calls go through syscall(2),
 * which the C library implements for both architectures with the calling convention of plain longs.
 *
 * <p>Reasons: docs/decisions/83-start-up.md
 */
final class LibC {
    /**
     * The full name, so that the loader searches nothing; 6 on every architecture of Linux except alpha and ia64,
     * libc(7).
     */
    private static final String NAME = "libc.so.6";

    private static final Library LIBRARY = Library.openLibrary(NAME, Library.LAZY | Library.GLOBAL);
    private static final Invoker INVOKER = Invoker.getInstance();
    private static final LastError ERRNO = LastError.getInstance();

    private static final CallContext OF_FOUR = context(Type.SINT, 4);
    private static final CallContext OF_FIVE = context(Type.SINT, 5);
    private static final CallContext OF_SIX = context(Type.SLONG, 6);

    private static final long SYSCALL = address("syscall");
    private static final long GETPWNAM_R = address("getpwnam_r");
    private static final long GETPWUID_R = address("getpwuid_r");
    private static final long GETGRNAM_R = address("getgrnam_r");
    private static final long GETGRGID_R = address("getgrgid_r");
    private static final long GETGROUPLIST = address("getgrouplist");

    private LibC() {}

    static CallContext context(Type result, int parameters) {
        Type[] longs = new Type[parameters];
        Arrays.fill(longs, Type.SLONG);
        boolean keepErrno = true;
        return CallContext.getCallContext(result, longs, CallingConvention.DEFAULT, keepErrno);
    }

    static long address(String function) {
        long address = LIBRARY == null ? 0 : LIBRARY.getSymbolAddress(function);
        if (address == 0) {
            throw new UnsatisfiedLinkError("cannot find " + function + " in " + NAME);
        }
        return address;
    }

    /** The errno of the last call on this thread, when that call returned. */
    static int errno() {
        return ERRNO.get();
    }

    /** Five arguments: of the calls in {@link Arch.Call} only epoll_pwait(2) has a sixth, which it does not read. */
    static long syscall(long number, long a, long b, long c, long d, long e) {
        return INVOKER.invokeN6(OF_SIX, SYSCALL, number, a, b, c, d, e);
    }

    static int getpwnam(long name, long passwd, long buffer, long size, long result) {
        return (int) INVOKER.invokeN5(OF_FIVE, GETPWNAM_R, name, passwd, buffer, size, result);
    }

    static int getpwuid(long uid, long passwd, long buffer, long size, long result) {
        return (int) INVOKER.invokeN5(OF_FIVE, GETPWUID_R, uid, passwd, buffer, size, result);
    }

    static int getgrnam(long name, long group, long buffer, long size, long result) {
        return (int) INVOKER.invokeN5(OF_FIVE, GETGRNAM_R, name, group, buffer, size, result);
    }

    static int getgrgid(long gid, long group, long buffer, long size, long result) {
        return (int) INVOKER.invokeN5(OF_FIVE, GETGRGID_R, gid, group, buffer, size, result);
    }

    static int getgrouplist(long user, long gid, long groups, long count) {
        return (int) INVOKER.invokeN4(OF_FOUR, GETGROUPLIST, user, gid, groups, count);
    }
}
