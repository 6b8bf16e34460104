// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.linux.Arch.Call;
import org.jns.model.NamespaceKind;

/** Implements the system calls about other processes. */
abstract class LinuxProcesses extends LinuxUpkeep {
    private static final long CLOCK_BOOTTIME = 7;
    private static final int TIMESPEC = 16;
    private static final long NANOSECONDS_OF_HUNDREDTH = 10_000_000;
    private static final int MOST_OF_STAT = 4096;
    /** Counted from the end of the name, which may contain any character: proc(5), stat. */
    private static final int STARTTIME = 19;

    /** ioctl_ns(2). */
    private static final long NS_GET_USERNS = 0xb701;

    private static final long NS_GET_PARENT = 0xb702;
    private static final long NS_GET_OWNER_UID = 0xb704;

    private static final long STATX_INO = 0x100;
    private static final int STX_INO = 32;

    /** The inode of this process's user namespace; 0 until it is first needed. */
    private long ownUsers;

    LinuxProcesses(Fd proc) {
        super(proc);
    }

    @Override
    public long sinceBoot() {
        Scratch.Slot time = scratch.begin().room(TIMESPEC);
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
        try (Fd file = openInProc(pid + "/stat")) {
            Scratch.Slot buffer = scratch.begin().room(MOST_OF_STAT);
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
    public Optional<Fd> namespaceOf(int pid, NamespaceKind kind) {
        return namespaceOf(pid, kind.word());
    }

    private Optional<Fd> namespaceOf(int pid, String file) {
        Optional<Fd> first = namespaceOf(Integer.toString(pid), file);
        return first.isPresent() ? first : namespaceOfOtherThread(pid, file);
    }

    private Optional<Fd> namespaceOf(String thread, String file) {
        try {
            return Optional.of(openInProc(thread + "/ns/" + file));
        } catch (SyscallException e) {
            return noneOr(e);
        }
    }

    /** A program may end its first thread and continue: the kernel then shows no namespaces for that thread. */
    private Optional<Fd> namespaceOfOtherThread(int pid, String file) {
        try (Fd threads = openInProc(pid + "/task")) {
            for (List<RawName> some = listSome(threads); !some.isEmpty(); some = listSome(threads)) {
                for (RawName thread : some) {
                    Optional<Fd> other = namespaceOf(pid + "/task/" + thread, file);
                    if (other.isPresent()) {
                        return other;
                    }
                }
            }
            return Optional.empty();
        } catch (SyscallException e) {
            return noneOr(e);
        }
    }

    @Override
    public OptionalLong ownerOfMounts(String thread) {
        if (ownUsers == 0) {
            ownUsers = inodeAndClose(openInProc("self/ns/user"));
        }
        OptionalLong owner = OptionalLong.empty();
        Fd at = openInProc(thread + "/ns/mnt");
        try {
            // The first step leads to the user namespace, the others to its parents. Above what is visible from here
            // the kernel returns EPERM.
            for (long step = NS_GET_USERNS; true; step = NS_GET_PARENT) {
                Fd next = caller.descriptor(caller.call(Call.IOCTL, thread, at.number(), step, 0, 0));
                at.close();
                at = next;
                if (inode(at) == ownUsers) {
                    return owner;
                }
                owner = OptionalLong.of(ownerOf(at));
            }
        } catch (SyscallException e) {
            if (e.errno() != Errno.EPERM) {
                throw e;
            }
            return owner;
        } finally {
            at.close();
        }
    }

    private long ownerOf(Fd userNamespace) {
        Scratch.Slot uid = scratch.begin().room(8);
        caller.call(Call.IOCTL, "NS_GET_OWNER_UID", userNamespace.number(), NS_GET_OWNER_UID, uid.address(), 0);
        return Integer.toUnsignedLong(uid.getInt(0));
    }

    private long inodeAndClose(Fd file) {
        try (file) {
            return inode(file);
        }
    }

    private long inode(Fd file) {
        Scratch.Slot buffer = scratch.begin().room(STATX_SIZE);
        caller.call(Call.STATX, "", file.number(), scratch.text(""), AT_EMPTY_PATH, STATX_INO, buffer.address());
        return buffer.getLong(STX_INO);
    }

    private static <T> Optional<T> noneOr(SyscallException e) {
        if (e.errno() == Errno.ESRCH || e.errno() == Errno.ENOENT) {
            return Optional.empty();
        }
        throw e;
    }
}
