// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.NamespaceKind;

/**
 * The system calls of jns: those that build a view, then those that keep and remove private folders, then those that
 * let mount namespaces outlive their processes. Each throws {@link SyscallException} on failure. An implementation
 * belongs to one thread at a time.
 */
public interface Syscalls extends Fd.Closer, Processes {

    /** How a path is walked, openat2(2). */
    enum Walk {
        /** No symbolic link anywhere, including the magic ones of /proc. */
        NO_LINKS,
        /** Like {@link #NO_LINKS}, and never above the starting folder, nor onto another mount. */
        INSIDE
    }

    enum OpenAs {
        /** Only a handle: opens nothing, blocks on nothing, triggers nothing (O_PATH). */
        PATH,
        /** Like {@link #PATH}; a final symbolic link is opened itself. */
        LINK_ITSELF,
        /** A folder to read and to change. */
        DIRECTORY,
        /** To read; never blocks, not even on a FIFO. */
        READ
    }

    /**
     * Called before anything is done with a path that may be on a hanging file system.
     *
     * @throws NotAnswering if logins hang there
     */
    default void approach(String path) {}

    /** The approached file system has answered. */
    default void arrive() {}

    /**
     * @param folder where a relative path starts; absent: the path is absolute
     */
    Fd open(Optional<Fd> folder, String path, OpenAs as, Walk walk);

    /** Opens an absolute path without symbolic links. */
    default Fd open(String path, OpenAs as) {
        return open(Optional.empty(), path, as, Walk.NO_LINKS);
    }

    /** Opens a file in the folder. */
    default Fd open(Fd folder, String name, OpenAs as) {
        return open(Optional.of(folder), name, as, Walk.INSIDE);
    }

    /** Opens a folder in the folder; empty if nothing has that name. */
    default Optional<Fd> openIfThere(Fd folder, String name) {
        try {
            return Optional.of(open(folder, name, OpenAs.DIRECTORY));
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return Optional.empty();
        }
    }

    /** Opens the folder with that path, which has no symbolic links. */
    default Fd openFolder(AbsPath path) {
        return open(path.value(), OpenAs.DIRECTORY);
    }

    /** Creates and opens a new file for writing, mode 0600; fails if the name exists. */
    Fd create(Fd folder, String name);

    Stat stat(Fd file);

    FileSystem fileSystem(Fd file);

    /** The link's own text; follows nothing. */
    String readLink(Fd link);

    /** The text of the symbolic link of that name in the folder. */
    String readLink(Fd folder, String name);

    /** The whole content, or the requested part of it. */
    byte[] read(Fd file, int most);

    /** Writes everything; {@link #sync} waits until it is on the disk. */
    void write(Fd file, byte[] bytes);

    /** Waits until the current state of the file or folder is on the disk. */
    void sync(Fd file);

    /**
     * Copies from the reading position of the one file to the writing position of the other.
     *
     * @return the number of bytes: fewer than {@code most} only at the end of the file
     */
    long copy(Fd from, Fd to, long most);

    /**
     * Waits until no other process has the lock on the file, and holds it until the descriptor is closed; flock(2).
     *
     * @throws SyscallException EAGAIN after three seconds: the process that holds it may have been stopped
     */
    void lock(Fd file);

    /** The names in a folder that was opened as {@link OpenAs#DIRECTORY}, without "." and "..", in no order. */
    List<String> list(Fd folder);

    void makeDirectory(Fd folder, String name, int mode);

    void makeLink(Fd folder, String name, String text);

    /** Fails with EEXIST if the new name exists. */
    void rename(Fd folder, String from, String to);

    /** Replaces the file with the new name atomically. */
    void replace(Fd folder, String from, String to);

    void remove(Fd folder, String name);

    /**
     * Like {@link #remove(Fd, String)}, for a draft whose making has failed: if this fails too, something remains, and
     * the reported error is the first one.
     */
    default void discard(Fd folder, String name) {
        try {
            remove(folder, name);
        } catch (SyscallException e) {
            return;
        }
    }

    void removeDirectory(Fd folder, String name);

    void changeOwner(Fd file, long uid, long gid);

    /** The file must be opened in another way than {@link OpenAs#PATH}. */
    void changeMode(Fd file, int mode);

    /** Moves only this thread to a copy of its mount namespace. */
    void unshareMounts();

    /** Moves this thread to that mount namespace; it must have called {@link #unshareMounts} before. */
    void enterMounts(Fd namespace);

    /**
     * Moves this thread, and the programs that it starts, to that namespace of another kind; not to a PID or time
     * namespace, setns(2).
     */
    void enterOther(Fd namespace, NamespaceKind kind);

    /** Makes every mount of this thread's namespace a slave: it follows its master, and propagates nothing back. */
    void makeAllSlave();

    /** A detached copy of the mount that shows this file or folder. */
    Fd cloneTree(Fd file, boolean withSubmounts);

    /** Adds flags to a mount that is detached, or was when the descriptor was made; flags are never removed. */
    void restrict(Fd tree, MountFlags flags, boolean withSubmounts);

    /** Cuts a detached mount off from all propagation. */
    void makePrivate(Fd tree, boolean withSubmounts);

    /** A detached new file system of that type, which needs no device; options as in its manual page. */
    Fd fresh(String type, Map<String, String> options, MountFlags flags);

    /**
     * Two folders on one mount, by their paths from a folder in which only root can change anything. mountinfo shows
     * the paths for the overlay, which tells the users of the folders.
     *
     * @param upper takes the changes
     * @param work empty, for the kernel's own use
     */
    record Changes(Fd around, String upper, String work) {}

    /**
     * A detached overlay. All folders must be on mounts of this thread's namespace.
     *
     * @param lower topmost first, open as {@link OpenAs#DIRECTORY}
     */
    Fd overlay(List<Fd> lower, Changes changes, Map<String, String> options, MountFlags flags);

    /** Mounts a detached mount on top of the descriptor's file. */
    void attach(Fd tree, Fd onto);

    /**
     * Unmounts the topmost mount at a path; processes keep the files that they have open in it. The path has no links.
     */
    void detach(String path);

    /** The mount namespace of this thread. */
    Fd namespaceOfThisThread();

    /** The mount namespace of process 1, which is the host's. */
    Fd namespaceOfInit();

    /**
     * Runs a program in this thread's view, and waits for the one packet that it sends.
     *
     * @param folder that contains it, opened before the view was begun; becomes its working folder
     * @param nothing becomes its descriptors 0 and 2; 1 is where it sends the packet
     * @param command its name in the folder, and its arguments
     * @param milliseconds to wait at most
     * @return empty if it ended without a packet, or none came in time; it has ended by then
     */
    default Optional<byte[]> runProgram(Fd folder, Fd nothing, List<String> command, long milliseconds) {
        return runProgram(folder, nothing, nothing, command, milliseconds);
    }

    /**
     * Like {@link #runProgram(Fd, Fd, List, long)}.
     *
     * @param input becomes its descriptor 0
     */
    Optional<byte[]> runProgram(Fd folder, Fd input, Fd nothing, List<String> command, long milliseconds);

    /**
     * A detached file system from a context that another process has made by fsopen(2).
     *
     * @param type for messages
     */
    Fd finishFresh(Fd context, String type, Map<String, String> options, MountFlags flags);

    /**
     * A packet from a program, and its connection.
     *
     * @param passed the descriptors of the packet, in order; the caller closes them
     * @param connection the caller closes it
     */
    record Report(byte[] packet, List<Fd> passed, Fd connection) {
        public Report {
            passed = List.copyOf(passed);
        }
    }

    /**
     * Like {@link #runProgram(Fd, Fd, Fd, List, long)}; but a process of the program may stay, and sees what happens to
     * the connection.
     */
    default Optional<Report> startProgram(Fd folder, Fd input, Fd nothing, List<String> command, long milliseconds) {
        return startProgram(folder, input, nothing, command, 0, milliseconds);
    }

    /**
     * Like {@link #startProgram(Fd, Fd, Fd, List, long)}; but its packet may carry descriptors.
     *
     * @param third becomes its descriptor 2
     * @param mostPassed limit of the descriptors
     */
    Optional<Report> startProgram(
            Fd folder, Fd input, Fd third, List<String> command, int mostPassed, long milliseconds);

    /** Sends a packet of one byte to the process that a program left running. */
    void nod(Fd connection);

    /** The mount table of the process, which is the main thread's: reports changes from now on. */
    Fd mountTable();

    /** Whether a mount was made, moved or removed since the last call, or since the table was opened; proc(5). */
    boolean hasChanged(Fd mountTable);

    /**
     * The next names in a folder that was opened as {@link OpenAs#DIRECTORY}, without "." and "..", in no
     * order; empty at the end. At most as many as fit into one buffer.
     */
    List<RawName> listSome(Fd folder);

    /**
     * The next bytes of an open file, as many as fit into one buffer; none at the end. For files of any length, such as
     * those in /proc.
     */
    byte[] readSome(Fd file);

    /** Fails with EISDIR if it is a folder. */
    void remove(Fd folder, RawName name);

    /** Moves the file that has that name now, and follows no link. Fails with EEXIST if the new name exists. */
    void move(Fd folder, RawName name, Fd to, String newName);

    /** Sets the file's times to now; follows no link. */
    void touch(Fd folder, String name);

    /**
     * A timestamp of a file.
     *
     * @param seconds since 1970, or any value that was set
     */
    record Time(long seconds, int nanoseconds) {}

    /**
     * The timestamps of a file.
     *
     * @param content the last change of the content, or a value that somebody set
     * @param inode the last change of anything in the file: taken from the clock, and nobody can set it
     */
    record Times(Time content, Time inode) {}

    /** The timestamps of the file with that name; follows no link. */
    Times times(Fd folder, String name);

    /**
     * The type of a file, and the room that it takes on the disk.
     *
     * @param bytes in use for it, without the content of a folder
     */
    record Extent(boolean isDirectory, long bytes) {}

    /** The room of the file system that contains the file. */
    Room room(Fd file);

    /** Follows no link, and mounts nothing. */
    Extent extent(Fd folder, RawName name);

    /**
     * Waits until no process holds the exclusive lock, and holds a shared one until the descriptor is closed; flock(2).
     *
     * @throws SyscallException EAGAIN after three seconds: the process that holds it may have been stopped
     */
    void lockShared(Fd file);

    /** Holds the exclusive lock until the descriptor is closed; returns false at once if another process has a lock. */
    boolean lockAlone(Fd file);

    /** The id of this boot, different after each start of the machine: 32 hexadecimal digits, random(4). */
    String boot();

    /** Gives this thread the lowest priority from now on. */
    void goLast();

    /** Gives this thread its own root and working folder, which it needs to change namespaces; setns(2). */
    void leaveSharedFolders();

    /**
     * Whether this thread's {@code /} is the root of its mount namespace, and not a folder that chroot(2) made its
     * root: a thread that enters a mount namespace gets that one's root, setns(2), and so leaves a chroot. Afterwards
     * the thread is in the same place, with its own root and working folder.
     *
     * @param own the thread's mount namespace
     */
    boolean isAtRootOf(Fd own);

    /**
     * Moves this thread to a mount namespace that shows nothing of the host: an empty root-owned tmpfs, with the proc
     * of this machine's processes in {@code /proc}. By the kernel's count it is younger than the thread's old
     * namespace, and older than any that is made from now on.
     */
    void beginBare();

    /** Whether this is the root of a mount, and not a file or folder within one. */
    boolean isMountRoot(Fd file);

    /**
     * Mounts a mount namespace on a file: the namespace lives as long as that mount. It must be younger than this
     * thread's namespace, because otherwise the two could keep each other alive for ever: EINVAL.
     */
    void pin(Fd namespace, Fd onto);

    /** Ignores errors, because nothing can be done about them, close(2). */
    @Override
    void close(int number);
}
