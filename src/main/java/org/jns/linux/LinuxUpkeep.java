// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jns.linux.Arch.Call;

/** Implements the system calls that keep and remove private folders. */
abstract class LinuxUpkeep implements Syscalls {
    private static final long AT_SYMLINK_NOFOLLOW = 0x100;
    private static final long RENAME_NOREPLACE = 1;
    private static final long LOCK_SH = 1;
    private static final long LOCK_EX = 2;
    private static final long LOCK_NB = 4;
    static final int STATFS_SIZE = 120;
    static final long AT_EMPTY_PATH = 0x1000;
    static final int STATX_SIZE = 256;
    private static final long AT_NO_AUTOMOUNT = 0x800;
    private static final long STATX_TYPE = 1;
    private static final long STATX_MTIME = 0x40;
    private static final long STATX_CTIME = 0x80;
    private static final long STATX_BLOCKS = 0x400;
    private static final int STX_MODE = 28;
    private static final int STX_BLOCKS = 48;
    private static final int STX_CTIME = 96;
    private static final int STX_MTIME = 112;
    private static final int BLOCK = 512;
    private static final int S_IFMT = 0170000;
    private static final int S_IFDIR = 0040000;
    static final int BUFFER = 8192;
    /** A UUID with its hyphens. */
    private static final int BOOT_ID = 36;

    private static final long PRIO_PROCESS = 0;
    private static final long NICEST = 19;

    final SyscallCaller caller = new SyscallCaller();
    final Scratch scratch = caller.scratch;
    private final Fd proc;

    LinuxUpkeep(Fd proc) {
        this.proc = proc;
    }

    /** A file in the host's /proc; follows whatever is mounted in it. */
    final Fd openInProc(String path) {
        return caller.openAt(proc.number(), path, 0, 0, 0);
    }

    @Override
    public List<RawName> listSome(Fd folder) {
        List<RawName> names = new ArrayList<>();
        // A batch may consist of the two names that are left out.
        while (names.isEmpty()) {
            Scratch.Slot buffer = scratch.begin().room(BUFFER);
            int count = (int) caller.call(Call.GETDENTS64, "", folder.number(), buffer.address(), BUFFER, 0);
            if (count == 0) {
                break;
            }
            for (int at = 0; at < count; at += Short.toUnsignedInt(buffer.getShort(at + 16))) {
                RawName name = new RawName(nameAt(buffer, at + 19, count));
                if (!name.isDots()) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    @Override
    public byte[] readSome(Fd file) {
        Scratch.Slot buffer = scratch.begin().room(BUFFER);
        return buffer.getBytes(0, (int) caller.call(Call.READ, "", file.number(), buffer.address(), BUFFER, 0));
    }

    private static byte[] nameAt(Scratch.Slot buffer, int start, int end) {
        byte[] rest = buffer.getBytes(start, Math.min(256, end - start));
        int length = 0;
        while (rest[length] != 0) {
            length++;
        }
        return java.util.Arrays.copyOf(rest, length);
    }

    private long address(RawName name) {
        byte[] bytes = name.bytes();
        Scratch.Slot slot = scratch.room(bytes.length + 1);
        slot.putBytes(0, bytes);
        return slot.address();
    }

    @Override
    public void remove(Fd folder, RawName name) {
        scratch.begin();
        caller.call(Call.UNLINKAT, name.toString(), folder.number(), address(name), 0, 0);
    }

    @Override
    public void move(Fd folder, RawName name, Fd to, String newName) {
        scratch.begin();
        caller.call(
                Call.RENAMEAT2,
                name.toString(),
                folder.number(),
                address(name),
                to.number(),
                scratch.text(newName),
                RENAME_NOREPLACE);
    }

    @Override
    public void touch(Fd folder, String name) {
        caller.call(Call.UTIMENSAT, name, folder.number(), scratch.begin().text(name), 0, AT_SYMLINK_NOFOLLOW);
    }

    @Override
    public Times times(Fd folder, String name) {
        Scratch.Slot buffer = scratch.begin().room(STATX_SIZE);
        caller.call(
                Call.STATX,
                name,
                folder.number(),
                scratch.text(name),
                AT_SYMLINK_NOFOLLOW,
                STATX_MTIME | STATX_CTIME,
                buffer.address());
        return new Times(time(buffer, STX_MTIME), time(buffer, STX_CTIME));
    }

    private static Time time(Scratch.Slot buffer, int at) {
        return new Time(buffer.getLong(at), buffer.getInt(at + 8));
    }

    @Override
    public Room room(Fd file) {
        Scratch.Slot buffer = scratch.begin().room(STATFS_SIZE);
        caller.call(Call.FSTATFS, "", file.number(), buffer.address());
        long block = buffer.getLong(8);
        return new Room(block * buffer.getLong(16), block * buffer.getLong(32), buffer.getLong(40), buffer.getLong(48));
    }

    @Override
    public Extent extent(Fd folder, RawName name) {
        Scratch.Slot buffer = scratch.begin().room(STATX_SIZE);
        caller.call(
                Call.STATX,
                name.toString(),
                folder.number(),
                address(name),
                AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
                STATX_TYPE | STATX_BLOCKS,
                buffer.address());
        boolean isDirectory = (Short.toUnsignedInt(buffer.getShort(STX_MODE)) & S_IFMT) == S_IFDIR;
        return new Extent(isDirectory, buffer.getLong(STX_BLOCKS) * BLOCK);
    }

    @Override
    public void lockShared(Fd file) {
        caller.lock(file, LOCK_SH);
    }

    @Override
    public boolean lockAlone(Fd file) {
        try {
            caller.call(Call.FLOCK, "", file.number(), LOCK_EX | LOCK_NB);
            return true;
        } catch (SyscallException e) {
            e.unless(Errno.EAGAIN);
            return false;
        }
    }

    @Override
    public String boot() {
        try (Fd file = openInProc("sys/kernel/random/boot_id")) {
            Scratch.Slot buffer = scratch.begin().room(BOOT_ID);
            int count = (int) caller.call(Call.READ, "boot_id", file.number(), buffer.address(), BOOT_ID, 0);
            return new String(buffer.getBytes(0, count), StandardCharsets.US_ASCII).replace("-", "");
        }
    }

    @Override
    public void goLast() {
        // With 0 for the process, Linux changes the calling thread, setpriority(2).
        caller.call(Call.SETPRIORITY, "", PRIO_PROCESS, 0, NICEST, 0);
    }
}
