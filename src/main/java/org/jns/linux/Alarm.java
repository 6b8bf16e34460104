// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import org.jns.linux.Arch.Call;

/**
 * Wakes a thread that waits in a {@link Poller} some time after the alarm was set, timerfd_create(2). Setting it wakes
 * no thread, so the setting thread need not share its processor with the woken one. Any thread may set it; {@link
 * #silence} is for the waiting thread.
 */
public final class Alarm implements AutoCloseable {
    private static final long CLOCK_MONOTONIC = 1;
    private static final long TFD_CLOEXEC_NONBLOCK = 02000000 | 04000;

    private final SyscallCaller caller = new SyscallCaller();
    private final Fd timer =
            caller.descriptor(caller.call(Call.TIMERFD_CREATE, "", CLOCK_MONOTONIC, TFD_CLOEXEC_NONBLOCK));
    /** Only the kernel reads it, so that setting needs no memory of the setting thread. */
    private final long once;

    private final Scratch.Slot count;

    /**
     * @param milliseconds from {@link #set} to the alarm
     */
    public Alarm(int milliseconds) {
        Scratch.Slot slot = caller.scratch.begin().room(32);
        slot.putLong(0, 0);
        slot.putLong(8, 0);
        slot.putLong(16, milliseconds / 1000);
        slot.putLong(24, milliseconds % 1000 * 1_000_000L);
        once = slot.address();
        count = caller.scratch.room(8);
    }

    /** The descriptor for a poller. */
    public Fd timer() {
        return timer;
    }

    /** Starts the alarm, which goes off once. */
    public void set() {
        caller.call(Call.TIMERFD_SETTIME, "", timer.number(), 0, once, 0);
    }

    /** Called by the woken thread. */
    public void silence() {
        try {
            caller.call(Call.READ, "", timer.number(), count.address(), 8, 0);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EAGAIN) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        timer.close();
    }
}
