// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.ArrayList;
import java.util.List;
import org.jns.linux.Arch.Call;

/** Waits for several descriptors, epoll(7). Belongs to one thread at a time. */
public final class Poller implements AutoCloseable {
    private static final long EPOLL_CLOEXEC = 02000000;
    private static final long EPOLL_CTL_ADD = 1;
    private static final long EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int EPOLLPRI = 2;
    private static final int EPOLLRDHUP = 0x2000;
    private static final int EPOLLEXCLUSIVE = 1 << 28;
    private static final int MOST_EVENTS = 64;

    private final SyscallCaller caller = new SyscallCaller();
    private final Fd epoll = caller.descriptor(caller.call(Call.EPOLL_CREATE1, "", EPOLL_CLOEXEC, 0));

    /** Watches for data to read, a connection to accept, or the end of the other side. */
    public void watch(Fd file, long token) {
        add(file, EPOLLIN | EPOLLRDHUP, token);
    }

    /** Like {@link #watch}, for a descriptor that several threads wait for: the kernel wakes one of them, not all. */
    public void watchAlone(Fd file, long token) {
        add(file, EPOLLIN | EPOLLEXCLUSIVE, token);
    }

    /** Watches for changes of the mount table, for an open mountinfo; proc(5). Each change is reported once. */
    public void watchChanges(Fd file, long token) {
        int edge = 1 << 31;
        add(file, EPOLLPRI | edge, token);
    }

    /** Stops watching a descriptor that stays open; the kernel forgets a closed one by itself. */
    public void forget(Fd file) {
        caller.call(Call.EPOLL_CTL, "delete", epoll.number(), EPOLL_CTL_DEL, file.number(), 0);
    }

    private void add(Fd file, int events, long token) {
        Scratch.Slot event = caller.scratch.begin().room(Arch.HERE.epollEventSize());
        event.putInt(0, events);
        event.putLong(Arch.HERE.epollDataOffset(), token);
        caller.call(Call.EPOLL_CTL, "add", epoll.number(), EPOLL_CTL_ADD, file.number(), event.address());
    }

    /**
     * The tokens of the descriptors that are ready.
     *
     * @param milliseconds to wait at most; negative: for ever
     */
    public List<Long> await(int milliseconds) {
        int size = Arch.HERE.epollEventSize();
        Scratch.Slot events = caller.scratch.begin().room(size * MOST_EVENTS);
        long count = caller.call(Call.EPOLL_PWAIT, "", epoll.number(), events.address(), MOST_EVENTS, milliseconds, 0);
        List<Long> tokens = new ArrayList<>((int) count);
        for (int i = 0; i < count; i++) {
            tokens.add(events.getLong(i * size + Arch.HERE.epollDataOffset()));
        }
        return tokens;
    }

    @Override
    public void close() {
        epoll.close();
    }
}
