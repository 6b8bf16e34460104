// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.linux.Arch.Call;
import org.jns.model.MountFlags;
import org.jns.model.NamespaceKind;

/**
 * Implements the system calls for Linux 5.14 and later. The superclasses have those for private folders, those about
 * other processes, and those for pins.
 */
public final class LinuxSyscalls extends LinuxPinning {
    private static final long AT_REMOVEDIR = 0x200;

    private static final long O_RDONLY = 0;
    private static final long O_WRONLY = 1;
    private static final long O_CREAT = 0100;
    private static final long O_EXCL = 0200;
    private static final long O_NONBLOCK = 04000;
    private static final long O_NOCTTY = 0400;
    /** These two have other values on aarch64, asm/fcntl.h. */
    private static final long O_DIRECTORY = Arch.HERE == Arch.X86_64 ? 0200000 : 040000;

    private static final long O_NOFOLLOW = Arch.HERE == Arch.X86_64 ? 0400000 : 0100000;
    private static final long O_PATH = 010000000;

    private static final long RESOLVE_NO_XDEV = 1;
    private static final long RESOLVE_NO_MAGICLINKS = 2;
    private static final long RESOLVE_NO_SYMLINKS = 4;
    private static final long RESOLVE_BENEATH = 8;

    private static final int STATX_BASIC_STATS = 0x7ff;

    private static final long OPEN_TREE_CLONE = 1;
    private static final long OPEN_TREE_CLOEXEC = SyscallCaller.O_CLOEXEC;
    private static final long MOVE_MOUNT_T_EMPTY_PATH = 0x40;
    private static final long MS_SLAVE = 1L << 19;
    private static final long UMOUNT_NOFOLLOW = 8;
    private static final long LOCK_EX = 2;

    private static final long NO_UID = 0xffffffffL;
    private static final int LONGEST_NUMBER = 16;
    private static final int PATH_MAX = 4096;
    private static final long COPIED_AT_ONCE = 1 << 20;

    private final FileSystems fileSystems = new FileSystems(caller);
    private final Progress progress;

    /**
     * @param proc the host's /proc, opened as {@link Syscalls.OpenAs#PATH} before any view was made: a view may hide it
     */
    public LinuxSyscalls(Fd proc) {
        this(proc, Progress.unwatched());
    }

    /**
     * @param proc as above
     * @param progress gets what the thread asks for
     */
    public LinuxSyscalls(Fd proc, Progress progress) {
        super(proc);
        this.progress = progress;
    }

    /** The host's /proc, for the constructor. */
    public static Fd openProc() {
        return new SyscallCaller().openAt(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY, 0, RESOLVE_NO_SYMLINKS);
    }

    private static long flags(OpenAs as) {
        return switch (as) {
            case PATH -> O_PATH;
            case LINK_ITSELF -> O_PATH | O_NOFOLLOW;
            case DIRECTORY -> O_RDONLY | O_DIRECTORY;
            case READ -> O_RDONLY | O_NONBLOCK | O_NOCTTY;
        };
    }

    private static long resolve(Walk walk) {
        long noLinks = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
        return switch (walk) {
            case NO_LINKS -> noLinks;
            case INSIDE -> noLinks | RESOLVE_BENEATH | RESOLVE_NO_XDEV;
        };
    }

    @Override
    public OptionalLong loginUid(int pid) {
        try (Fd file = openInProc(pid + "/loginuid")) {
            String text = new String(read(file, LONGEST_NUMBER), StandardCharsets.US_ASCII);
            long uid = Long.parseLong(text);
            return uid == NO_UID ? OptionalLong.empty() : OptionalLong.of(uid);
        } catch (SyscallException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void approach(String path) {
        progress.at(path);
    }

    @Override
    public void arrive() {
        progress.done();
    }

    @Override
    public Fd open(Optional<Fd> folder, String path, OpenAs as, Walk walk) {
        long start = folder.isPresent() ? folder.get().number() : AT_FDCWD;
        return caller.openAt(start, path, flags(as), 0, resolve(walk));
    }

    @Override
    public Fd create(Fd folder, String name) {
        return caller.openAt(folder.number(), name, O_WRONLY | O_CREAT | O_EXCL, 0600, resolve(Walk.INSIDE));
    }

    @Override
    public Stat stat(Fd file) {
        Scratch.Slot buffer = scratch.begin().room(STATX_SIZE);
        caller.call(
                Call.STATX, "", file.number(), scratch.text(""), AT_EMPTY_PATH, STATX_BASIC_STATS, buffer.address());
        return new Stat(
                Short.toUnsignedInt(buffer.getShort(28)),
                Integer.toUnsignedLong(buffer.getInt(20)),
                Integer.toUnsignedLong(buffer.getInt(24)),
                buffer.getLong(32),
                device(buffer, 136),
                device(buffer, 128));
    }

    private static long device(Scratch.Slot buffer, int offset) {
        return ((long) buffer.getInt(offset) << 32) | Integer.toUnsignedLong(buffer.getInt(offset + 4));
    }

    @Override
    public FileSystem fileSystem(Fd file) {
        Scratch.Slot buffer = scratch.begin().room(STATFS_SIZE);
        caller.call(Call.FSTATFS, "", file.number(), buffer.address());
        return new FileSystem(buffer.getLong(0), fromStatfs(buffer.getLong(80)));
    }

    /** ST_ flags, statfs(2). */
    private static MountFlags fromStatfs(long bits) {
        MountFlags flags = MountFlags.NONE;
        flags = (bits & 1) != 0 ? flags.plus(MountFlags.RO) : flags;
        flags = (bits & 2) != 0 ? flags.plus(MountFlags.NOSUID) : flags;
        flags = (bits & 4) != 0 ? flags.plus(MountFlags.NODEV) : flags;
        flags = (bits & 8) != 0 ? flags.plus(MountFlags.NOEXEC) : flags;
        return (bits & 0x2000) != 0 ? flags.plus(MountFlags.NOSYMFOLLOW) : flags;
    }

    /** MOUNT_ATTR_ flags, mount_setattr(2). */
    private static long toMountAttr(MountFlags flags) {
        return (flags.has(MountFlags.RO) ? 1 : 0)
                | (flags.has(MountFlags.NOSUID) ? 2 : 0)
                | (flags.has(MountFlags.NODEV) ? 4 : 0)
                | (flags.has(MountFlags.NOEXEC) ? 8 : 0)
                | (flags.has(MountFlags.NOSYMFOLLOW) ? 0x200000 : 0);
    }

    @Override
    public String readLink(Fd link) {
        return readLinkAt(link, "");
    }

    @Override
    public String readLink(Fd folder, String name) {
        return readLinkAt(folder, name);
    }

    private String readLinkAt(Fd folder, String name) {
        Scratch.Slot buffer = scratch.begin().room(PATH_MAX);
        long length =
                caller.call(Call.READLINKAT, name, folder.number(), scratch.text(name), buffer.address(), PATH_MAX);
        return new String(buffer.getBytes(0, (int) length), StandardCharsets.UTF_8);
    }

    @Override
    public byte[] read(Fd file, int most) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (content.size() < most) {
            int part = Math.min(BUFFER, most - content.size());
            Scratch.Slot buffer = scratch.begin().room(part);
            long count = caller.call(Call.READ, "", file.number(), buffer.address(), part, 0);
            if (count == 0) {
                break;
            }
            content.writeBytes(buffer.getBytes(0, (int) count));
        }
        return content.toByteArray();
    }

    @Override
    public void write(Fd file, byte[] bytes) {
        for (int at = 0; at < bytes.length; ) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + BUFFER));
            Scratch.Slot buffer = scratch.begin().room(part.length);
            buffer.putBytes(0, part);
            at += (int) caller.call(Call.WRITE, "", file.number(), buffer.address(), part.length, 0);
        }
    }

    @Override
    public void sync(Fd file) {
        caller.call(Call.FSYNC, "", file.number(), 0);
    }

    @Override
    public long copy(Fd from, Fd to, long most) {
        long copied = 0;
        while (copied < most) {
            // copy_file_range(2) does not copy between file systems of different types, sendfile(2) does.
            long count = caller.call(
                    Call.SENDFILE, "", to.number(), from.number(), 0, Math.min(most - copied, COPIED_AT_ONCE));
            if (count == 0) {
                break;
            }
            copied += count;
        }
        return copied;
    }

    @Override
    public void lock(Fd file) {
        caller.lock(file, LOCK_EX);
    }

    @Override
    public List<String> list(Fd folder) {
        List<String> names = new ArrayList<>();
        while (true) {
            Scratch.Slot buffer = scratch.begin().room(BUFFER);
            int count = (int) caller.call(Call.GETDENTS64, "", folder.number(), buffer.address(), BUFFER, 0);
            if (count == 0) {
                return names;
            }
            byte[] entries = buffer.getBytes(0, count);
            for (int at = 0; at < count; at += Short.toUnsignedInt(buffer.getShort(at + 16))) {
                int start = at + 19;
                int end = start;
                while (entries[end] != 0) {
                    end++;
                }
                String name = new String(entries, start, end - start, StandardCharsets.UTF_8);
                if (!name.equals(".") && !name.equals("..")) {
                    names.add(name);
                }
            }
        }
    }

    @Override
    public void makeDirectory(Fd folder, String name, int mode) {
        caller.call(Call.MKDIRAT, name, folder.number(), scratch.begin().text(name), mode, 0);
    }

    @Override
    public void makeLink(Fd folder, String name, String text) {
        scratch.begin();
        caller.call(Call.SYMLINKAT, name, scratch.text(text), folder.number(), scratch.text(name), 0);
    }

    @Override
    public void rename(Fd folder, String from, String to) {
        long noReplace = 1;
        rename(folder, from, to, noReplace);
    }

    @Override
    public void replace(Fd folder, String from, String to) {
        rename(folder, from, to, 0);
    }

    private void rename(Fd folder, String from, String to, long flags) {
        scratch.begin();
        caller.call(Call.RENAMEAT2, to, folder.number(), scratch.text(from), folder.number(), scratch.text(to), flags);
    }

    @Override
    public void remove(Fd folder, String name) {
        caller.call(Call.UNLINKAT, name, folder.number(), scratch.begin().text(name), 0, 0);
    }

    @Override
    public void removeDirectory(Fd folder, String name) {
        caller.call(Call.UNLINKAT, name, folder.number(), scratch.begin().text(name), AT_REMOVEDIR, 0);
    }

    @Override
    public void changeOwner(Fd file, long uid, long gid) {
        caller.call(Call.FCHOWNAT, "", file.number(), scratch.begin().text(""), uid, gid, AT_EMPTY_PATH);
    }

    @Override
    public void changeMode(Fd file, int mode) {
        caller.call(Call.FCHMOD, "", file.number(), mode);
    }

    @Override
    public void unshareMounts() {
        caller.call(Call.UNSHARE, "CLONE_NEWNS", NamespaceKind.MOUNT.flag(), 0);
    }

    @Override
    public void enterMounts(Fd namespace) {
        caller.call(Call.SETNS, "", namespace.number(), NamespaceKind.MOUNT.flag());
    }

    @Override
    public void enterOther(Fd namespace, NamespaceKind kind) {
        caller.call(Call.SETNS, "", namespace.number(), kind.flag());
    }

    @Override
    public void makeAllSlave() {
        Scratch.Slot attr = scratch.begin().room(MOUNT_ATTR_SIZE);
        attr.putLong(16, MS_SLAVE);
        caller.call(
                Call.MOUNT_SETATTR, "/", AT_FDCWD, scratch.text("/"), AT_RECURSIVE, attr.address(), MOUNT_ATTR_SIZE);
    }

    @Override
    public Fd cloneTree(Fd file, boolean withSubmounts) {
        long flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (withSubmounts ? AT_RECURSIVE : 0);
        return caller.descriptor(
                caller.call(Call.OPEN_TREE, "", file.number(), scratch.begin().text(""), flags, 0));
    }

    @Override
    public void restrict(Fd tree, MountFlags flags, boolean withSubmounts) {
        Scratch.Slot attr = scratch.begin().room(MOUNT_ATTR_SIZE);
        attr.putLong(0, toMountAttr(flags));
        setAttributes(tree, attr, withSubmounts);
    }

    @Override
    public void makePrivate(Fd tree, boolean withSubmounts) {
        Scratch.Slot attr = scratch.begin().room(MOUNT_ATTR_SIZE);
        attr.putLong(16, MS_PRIVATE);
        setAttributes(tree, attr, withSubmounts);
    }

    private void setAttributes(Fd tree, Scratch.Slot attr, boolean withSubmounts) {
        long flags = AT_EMPTY_PATH | (withSubmounts ? AT_RECURSIVE : 0);
        caller.call(Call.MOUNT_SETATTR, "", tree.number(), scratch.text(""), flags, attr.address(), MOUNT_ATTR_SIZE);
    }

    @Override
    public Fd fresh(String type, Map<String, String> options, MountFlags flags) {
        return fileSystems.fresh(type, options, toMountAttr(flags));
    }

    @Override
    public Fd finishFresh(Fd context, String type, Map<String, String> options, MountFlags flags) {
        return fileSystems.finish(context, type, options, toMountAttr(flags));
    }

    @Override
    public Optional<Report> startProgram(
            Fd folder, Fd input, Fd third, List<String> command, int mostPassed, long milliseconds) {
        return new Program(caller).start(folder, input, third, command, mostPassed, milliseconds);
    }

    @Override
    public Fd overlay(List<Fd> lower, Changes changes, Map<String, String> options, MountFlags flags) {
        Optional<Fd> around = Optional.of(changes.around());
        try (Fd upper = open(around, changes.upper(), OpenAs.DIRECTORY, Walk.INSIDE);
                Fd work = open(around, changes.work(), OpenAs.DIRECTORY, Walk.INSIDE)) {
            Optional<Fd> made = fileSystems.overlay(lower, upper, work, options, toMountAttr(flags));
            return made.isPresent()
                    ? made.get()
                    : fileSystems.overlayByPath(lower, changes, options, toMountAttr(flags));
        }
    }

    @Override
    public void attach(Fd tree, Fd onto) {
        scratch.begin();
        long flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
        caller.call(Call.MOVE_MOUNT, "", tree.number(), scratch.text(""), onto.number(), scratch.text(""), flags);
    }

    @Override
    public void detach(String path) {
        caller.call(Call.UMOUNT2, path, scratch.begin().text(path), MNT_DETACH | UMOUNT_NOFOLLOW);
    }

    @Override
    public Fd namespaceOfThisThread() {
        // /proc/self would be the main thread. This is a magic link, so no walk may be forbidden here.
        return openInProc("thread-self/ns/mnt");
    }

    @Override
    public Fd namespaceOfInit() {
        return openInProc("1/ns/mnt");
    }

    @Override
    public Optional<byte[]> runProgram(Fd folder, Fd input, Fd nothing, List<String> command, long milliseconds) {
        return new Program(caller).run(folder, input, nothing, command, milliseconds);
    }

    @Override
    public void nod(Fd connection) {
        new Sockets().send(connection, new byte[1], List.of());
    }

    @Override
    public Fd mountTable() {
        return openInProc("self/mountinfo");
    }

    @Override
    public boolean hasChanged(Fd mountTable) {
        int priorityOrError = 2 | 8;
        return caller.isReady(mountTable, priorityOrError, 0);
    }

    @Override
    public void close(int number) {
        caller.close(number);
    }
}
