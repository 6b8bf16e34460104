// SPDX-License-Identifier: Apache-2.0
package org.jns.sys;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jns.model.Space;
import org.jns.sys.Arch.Call;

/** {@link Processes} by Linux. */
final class LinuxProcesses implements Processes {
    private static final long CLOCK_BOOTTIME = 7;
    private static final int TIMESPEC = 16;
    private static final long NANOSECONDS_OF_HUNDREDTH = 10_000_000;
    private static final int MOST_OF_STAT = 4096;
    /** Counted from behind the name, which may have anything in it: proc(5), stat. */
    private static final int STARTTIME = 19;

    private final Caller caller;
    private final Fd proc;

    /**
     * @param proc the host's
     */
    LinuxProcesses(Caller caller, Fd proc) {
        this.caller = caller;
        this.proc = proc;
    }

    @Override
    public long sinceBoot() {
        Scratch.Slot time = caller.scratch.begin().room(TIMESPEC);
        caller.call(Call.CLOCK_GETTIME, "", CLOCK_BOOTTIME, time.address());
        return time.getLong(0) * 100 + time.getLong(8) / NANOSECONDS_OF_HUNDREDTH;
    }

    @Override
    public Optional<Fd> process(int pid) {
        try {
            return Optional.of(caller.descriptor(caller.call(Call.PIDFD_OPEN, Integer.toString(pid), pid, 0)));
        } catch (SyscallException e) {
            return noneOr(e);
        }
    }

    @Override
    public boolean awaitEnd(Fd process, long milliseconds) {
        int readable = 1;
        return caller.isReady(process, readable, milliseconds);
    }

    @Override
    public void signal(Fd process, int signal) {
        try {
            caller.call(Call.PIDFD_SEND_SIGNAL, Integer.toString(signal), process.number(), signal, 0, 0);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }

    @Override
    public Optional<Long> started(int pid) {
        try (Fd file = LinuxSyscalls.openInProc(caller, proc, pid + "/stat")) {
            Scratch.Slot buffer = caller.scratch.begin().room(MOST_OF_STAT);
            int count = (int) caller.call(Call.READ, "stat", file.number(), buffer.address(), MOST_OF_STAT, 0);
            String text = new String(buffer.getBytes(0, count), StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return Optional.of(Long.parseLong(fields[STARTTIME]));
        } catch (SyscallException e) {
            return noneOr(e);
        }
    }

    @Override
    public Optional<Fd> namespaceOf(int pid) {
        return namespaceOf(pid, "mnt");
    }

    @Override
    public Optional<Fd> namespaceOf(int pid, Space kind) {
        return namespaceOf(pid, kind.word());
    }

    private Optional<Fd> namespaceOf(int pid, String file) {
        try {
            return Optional.of(LinuxSyscalls.openInProc(caller, proc, pid + "/ns/" + file));
        } catch (SyscallException e) {
            return noneOr(e);
        }
    }

    private static <T> Optional<T> noneOr(SyscallException e) {
        if (e.errno() == Errno.ESRCH || e.errno() == Errno.ENOENT) {
            return Optional.empty();
        }
        throw e;
    }
}
