// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import org.jns.linux.Arch.Call;

/**
 * Makes system calls; -1 becomes an exception before anything else can overwrite errno. Belongs to one thread at a
 * time. Not final: tests simulate an older kernel.
 */
class SyscallCaller {
    static final long O_CLOEXEC = 02000000;
    private static final long LOCK_NB = 4;
    private static final int LOCK_WITHIN_MS = 3_000;
    private static final int LOCK_PAUSE_MS = 5;

    final Scratch scratch = new Scratch();

    /** Repeats the call when a signal interrupted it. */
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

    /**
     * Tries for three seconds. flock(2) itself would wait for ever, and the process that holds the lock may have been
     * stopped.
     *
     * @param how LOCK_SH or LOCK_EX
     * @throws SyscallException EAGAIN if another process has held it all the time
     */
    void lock(Fd file, long how) {
        for (int waited = 0; !isLocked(file, how); waited += LOCK_PAUSE_MS) {
            if (waited >= LOCK_WITHIN_MS) {
                throw new SyscallException(
                        "flock", "that another process has held for " + LOCK_WITHIN_MS / 1000 + " s", Errno.EAGAIN);
            }
            pause(LOCK_PAUSE_MS);
        }
    }

    private boolean isLocked(Fd file, long how) {
        long result = LibC.syscall(Arch.HERE.number(Call.FLOCK), file.number(), how | LOCK_NB, 0, 0, 0);
        int errno = result == -1 ? LibC.errno() : 0;
        if (errno != 0 && errno != Errno.EAGAIN && errno != Errno.EINTR) {
            throw new SyscallException("flock", "", errno);
        }
        return result != -1;
    }

    /** By system call: Thread.sleep loads classes. */
    private void pause(long milliseconds) {
        Scratch.Slot time = scratch.begin().room(16);
        time.putLong(0, 0);
        time.putLong(8, milliseconds * 1_000_000);
        LibC.syscall(Arch.HERE.number(Call.PPOLL), 0, 0, time.address(), 0, 0);
    }

    /** Opens a file by openat2(2), whose flags these are. The descriptor is closed on exec. */
    Fd openAt(long folder, String path, long flags, long mode, long resolve) {
        Scratch.Slot how = scratch.begin().room(24);
        how.putLong(0, flags | O_CLOEXEC);
        how.putLong(8, mode);
        how.putLong(16, resolve);
        return descriptor(call(Call.OPENAT2, path, folder, scratch.text(path), how.address(), 24));
    }

    Fd descriptor(long number) {
        return new Fd((int) number, this::close);
    }

    /** Not repeated on EINTR: Linux has closed the descriptor all the same, close(2). */
    void close(int number) {
        LibC.syscall(Arch.HERE.number(Call.CLOSE), number, 0, 0, 0, 0);
    }
}
