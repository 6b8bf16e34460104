// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import org.jns.linux.Arch.Call;

/** Wakes a thread that waits in a {@link Poller}, eventfd(2). Any thread may ring it, at any time. */
public final class Bell implements AutoCloseable {
    private static final long EFD_CLOEXEC_NONBLOCK = 02000000 | 04000;

    private final SyscallCaller caller = new SyscallCaller();
    private final Fd counter = caller.descriptor(caller.call(Call.EVENTFD2, "", 0, EFD_CLOEXEC_NONBLOCK));
    /** Only the kernel reads it, so that ringing needs no memory of the ringing thread. */
    private final long one;

    private final Scratch.Slot count;

    public Bell() {
        Scratch.Slot slot = caller.scratch.begin().room(8);
        slot.putLong(0, 1);
        one = slot.address();
        count = caller.scratch.room(8);
    }

    /** The descriptor for a poller. */
    public Fd counter() {
        return counter;
    }

    public void ring() {
        caller.call(Call.WRITE, "", counter.number(), one, 8, 0);
    }

    /** Called by the woken thread, before it looks for work. */
    public void silence() {
        try {
            caller.call(Call.READ, "", counter.number(), count.address(), 8, 0);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EAGAIN) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        counter.close();
    }
}
