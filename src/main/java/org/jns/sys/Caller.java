// SPDX-License-Identifier: Apache-2.0
package org.jns.sys;

import org.jns.sys.Arch.Call;

/** Makes system calls; -1 becomes an exception before anything else can overwrite errno. Belongs to one thread at a time. Not final: tests play an older kernel. */
class Caller {
    final Scratch scratch = new Scratch();

    /** Calls again when a signal interrupted it. */
    long call(Call call, String object, long a, long b, long c, long d, long e) {
        while (true) {
            long result = LibC.syscall(Arch.HERE.number(call), a, b, c, d, e);
            if (result != -1) {
                return result;
            }
            int errno = LibC.errno();
            if (errno != Errno.EINTR) {
                throw new SyscallException(call.name().toLowerCase(java.util.Locale.ROOT), object, errno);
            }
        }
    }

    long call(Call call, String object, long a, long b, long c, long d) {
        return call(call, object, a, b, c, d, 0);
    }

    long call(Call call, String object, long a, long b) {
        return call(call, object, a, b, 0, 0, 0);
    }

    /** Whether one of the poll(2) events came within the time; 0 does not wait. */
    boolean isReady(Fd file, int events, long milliseconds) {
        Scratch.Slot poll = scratch.begin().room(8);
        poll.putInt(0, file.number());
        poll.putShort(4, (short) events);
        Scratch.Slot time = scratch.room(16);
        time.putLong(0, milliseconds / 1000);
        time.putLong(8, milliseconds % 1000 * 1_000_000);
        return call(Call.PPOLL, "", poll.address(), 1, time.address(), 0, 8) > 0;
    }

    Fd descriptor(long number) {
        return new Fd((int) number, this::close);
    }

    /** Not called again on EINTR: Linux has closed the descriptor all the same, close(2). */
    void close(int number) {
        LibC.syscall(Arch.HERE.number(Call.CLOSE), number, 0, 0, 0, 0);
    }
}
