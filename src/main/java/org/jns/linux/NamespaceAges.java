// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.Optional;
import org.jns.Nullable;
import org.jns.linux.Arch.Call;

/**
 * Tells which of two mount namespaces the kernel considers older: the one with the lower number. Since Linux 6.18 each
 * processor assigns numbers from its own supply of 4096, so of two namespaces the one that was made later may have the
 * lower number. Kernels that do not tell the number, those before 6.11, use one sequence.
 *
 * <p>Reasons: docs/decisions/02-keeper.md
 */
final class NamespaceAges {
    private static final long NS_GET_MNTNS_ID = 0x8008b705L;
    /** For 8192 processors. */
    private static final int MASK_BYTES = 1024;
    /** More than one supply of numbers. */
    private static final int MOST_TRIES = 5000;

    private final SyscallCaller caller;
    private final Syscalls sys;
    private final Optional<Long> floor;
    private long oldestNumber;

    /** @param floor the result must be younger than this namespace */
    NamespaceAges(SyscallCaller caller, Syscalls sys, Fd floor) {
        this.caller = caller;
        this.sys = sys;
        this.floor = number(floor);
    }

    /** Empty if the kernel does not tell. */
    private Optional<Long> number(Fd namespace) {
        Scratch.Slot number = caller.scratch.begin().room(8);
        try {
            caller.call(Call.IOCTL, "NS_GET_MNTNS_ID", namespace.number(), NS_GET_MNTNS_ID, number.address(), 0);
            return Optional.of(number.getLong(0));
        } catch (SyscallException e) {
            return Optional.empty();
        }
    }

    /**
     * A copy of this thread's mount namespace that is older than all that will be made on the processors that this
     * thread may run on. The thread ends in one of the copies. Empty if the kernel uses one sequence.
     */
    Optional<Fd> oldestToCome() {
        if (floor.isEmpty()) {
            return Optional.empty();
        }
        Scratch.Slot all = caller.scratch.begin().room(MASK_BYTES);
        int length = (int) caller.call(Call.SCHED_GETAFFINITY, "", 0, MASK_BYTES, all.address(), 0);
        byte[] mask = all.getBytes(0, length);
        Fd oldest = null;
        for (int processor = 0; processor < 8 * length; processor++) {
            if ((mask[processor / 8] >> processor % 8 & 1) != 0) {
                byte[] one = new byte[length];
                one[processor / 8] = (byte) (1 << processor % 8);
                runOn(one);
                oldest = older(oldest);
            }
        }
        runOn(mask);
        return Optional.ofNullable(oldest);
    }

    private void runOn(byte[] processors) {
        Scratch.Slot mask = caller.scratch.begin().room(processors.length);
        mask.putBytes(0, processors);
        caller.call(Call.SCHED_SETAFFINITY, "", 0, processors.length, mask.address(), 0);
    }

    /** Uses up numbers until one is above the floor; returns the lower one of that and the best so far. */
    private @Nullable Fd older(@Nullable Fd best) {
        for (int i = 0; i < MOST_TRIES; i++) {
            sys.unshareMounts();
            Fd made = sys.namespaceOfThisThread();
            long number = number(made).orElseThrow();
            if (number > floor.get()) {
                if (best != null && number > oldestNumber) {
                    made.close();
                    return best;
                }
                if (best != null) {
                    best.close();
                }
                oldestNumber = number;
                return made;
            }
            made.close();
        }
        return best;
    }
}
