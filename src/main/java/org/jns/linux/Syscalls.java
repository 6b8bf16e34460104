// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.model.MountFlags;
import org.jns.model.Space;

/**
 * The system calls that build a view: files by descriptor, mount namespaces, mounts. Each throws {@link SyscallException} on failure.
 * An implementation belongs to one thread at a time.
 */
public interface Syscalls extends Fd.Closer, Upkeep, Pinning, Processes {

    /** How a path may be walked, openat2(2). */
    enum Walk {
        /** No symbolic link anywhere, not even a magic one of /proc. */
        NO_LINKS,
        /** As {@link #NO_LINKS}, and never above the folder that the walk starts from, nor onto another mount. */
        INSIDE
    }

    enum OpenAs {
        /** A handle only: opens nothing, blocks on nothing, triggers nothing (O_PATH). */
        PATH,
        /** As {@link #PATH}; a final symbolic link is opened itself. */
        LINK_ITSELF,
        /** A folder to read and to change. */
        DIRECTORY,
        /** To read; never blocks, not even on a FIFO. */
        READ
    }

    /**
     * Called before anything is done with a path that may be on a file system that hangs.
     *
     * @throws NotAnswering if logins hang there
     */
    default void approach(String path) {}

    /** What was approached has answered. */
    default void arrive() {}

    /**
     * @param folder where a relative path starts; absent: the path is absolute
     */
    Fd open(Optional<Fd> folder, String path, OpenAs as, Walk walk);

    /** Creates and opens a new file for writing, mode 0600; fails if anything is there. */
    Fd create(Fd folder, String name);

    Stat stat(Fd file);

    FileSystem fileSystem(Fd file);

    /** Follows nothing: the link's own text. */
    String readLink(Fd link);

    /** The text of the symbolic link of that name in the folder. */
    String readLink(Fd folder, String name);

    /** The whole content, or as much of it as is asked for. */
    byte[] read(Fd file, int most);

    /** Writes all of it; {@link #sync} waits until it is on the disk. */
    void write(Fd file, byte[] bytes);

    /** Waits until the file or folder is on the disk as it is now. */
    void sync(Fd file);

    /**
     * Copies from where the one file is read to where the other is written.
     *
     * @return how many bytes that were: fewer than {@code most} at the end of the file only
     */
    long copy(Fd from, Fd to, long most);

    /**
     * Waits until nobody else has the lock on the file, and holds it until the descriptor is closed; flock(2).
     *
     * @throws SyscallException EAGAIN after three seconds: whoever holds it may have been stopped
     */
    void lock(Fd file);

    /** The names in a folder that was opened as {@link OpenAs#DIRECTORY}, without "." and "..", in no order. */
    List<String> list(Fd folder);

    void makeDirectory(Fd folder, String name, int mode);

    void makeLink(Fd folder, String name, String text);

    /** Fails with EEXIST if there is something of the new name. */
    void rename(Fd folder, String from, String to);

    /** Takes the place of what has the new name, in one step. */
    void replace(Fd folder, String from, String to);

    void remove(Fd folder, String name);

    /** As {@link #remove(Fd, String)}, for what was begun and has failed: if this fails too, something stays, and why it failed is told. */
    default void discard(Fd folder, String name) {
        try {
            remove(folder, name);
        } catch (SyscallException e) {
            return;
        }
    }

    void removeDirectory(Fd folder, String name);

    void changeOwner(Fd file, long uid, long gid);

    /** The file must be open for more than {@link OpenAs#PATH}. */
    void changeMode(Fd file, int mode);

    /** Moves this thread, and it alone, to a copy of its mount namespace. */
    void unshareMounts();

    /** Moves this thread to that mount namespace; it must have left the other threads by {@link #unshareMounts} before. */
    void enterMounts(Fd namespace);

    /** Moves this thread, and what it starts, to that namespace of another kind; not to one of processes or time, setns(2). */
    void enterOther(Fd namespace, Space kind);

    /** Every mount of this thread's namespace follows its master, and tells it nothing back. */
    void makeAllSlave();

    /** A detached copy of the mount that shows this file or folder. */
    Fd cloneTree(Fd file, boolean withSubmounts);

    /** Sets flags on a mount that is detached, or was when the descriptor came; none is ever taken away. */
    void restrict(Fd tree, MountFlags flags, boolean withSubmounts);

    /** Cuts a detached mount off from all propagation. */
    void makePrivate(Fd tree, boolean withSubmounts);

    /** A detached fresh file system of that type, which needs no device; options as its manual page has them. */
    Fd fresh(String type, Map<String, String> options, MountFlags flags);

    /**
     * Two folders on one mount, by their paths from a folder in which root alone can change anything. The paths are part of what
     * mountinfo says of the overlay, which tells who has the folders in use.
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

    /** Puts a detached mount on top of what the descriptor shows. */
    void attach(Fd tree, Fd onto);

    /** Takes the topmost mount at a path away; who has something open in it keeps that. The path has no links. */
    void detach(String path);

    /** The mount namespace of this thread. */
    Fd namespaceOfThisThread();

    /** The mount namespace of process 1, which is the host's. */
    Fd namespaceOfInit();

    /**
     * Runs a program in this thread's view, and waits for the one packet that it sends.
     *
     * @param folder where it is, opened before the view was begun; becomes its working folder
     * @param nothing becomes its descriptors 0 and 2; 1 is where it sends the packet
     * @param command its name in the folder, and its arguments
     * @param milliseconds to wait at most
     * @return empty if it ended without a packet, or none came in time; it has ended by then
     */
    default Optional<byte[]> runProgram(Fd folder, Fd nothing, List<String> command, long milliseconds) {
        return runProgram(folder, nothing, nothing, command, milliseconds);
    }

    /**
     * As {@link #runProgram(Fd, Fd, List, long)}.
     *
     * @param input becomes its descriptor 0
     */
    Optional<byte[]> runProgram(Fd folder, Fd input, Fd nothing, List<String> command, long milliseconds);

    /**
     * A detached file system of a context that somebody else has made by fsopen(2).
     *
     * @param type for messages
     */
    Fd finishFresh(Fd context, String type, Map<String, String> options, MountFlags flags);

    /**
     * A packet of a program's, and the connection that it came by.
     *
     * @param passed what came with it, in its order; the caller closes that
     * @param connection the caller closes it
     */
    record Report(byte[] packet, List<Fd> passed, Fd connection) {
        public Report {
            passed = List.copyOf(passed);
        }
    }

    /** As {@link #runProgram(Fd, Fd, Fd, List, long)}; but a process of the program's may stay, and hears of what becomes of the connection. */
    default Optional<Report> startProgram(Fd folder, Fd input, Fd nothing, List<String> command, long milliseconds) {
        return startProgram(folder, input, nothing, command, 0, milliseconds);
    }

    /**
     * As {@link #startProgram(Fd, Fd, Fd, List, long)}; but its packet may carry descriptors.
     *
     * @param third becomes its descriptor 2
     * @param mostPassed how many may come
     */
    Optional<Report> startProgram(
            Fd folder, Fd input, Fd third, List<String> command, int mostPassed, long milliseconds);

    /** Sends a packet with nothing in it but one byte to what a program left behind. */
    void nod(Fd connection);

    /** The mount table of the process, which is the main thread's: to be told of changes from now on. */
    Fd mountTable();

    /** Whether a mount was made, moved or taken away since the last call, or since the table was opened; proc(5). */
    boolean hasChanged(Fd mountTable);

    /** Closes without a word: there is nothing to do about a failure, close(2). */
    @Override
    void close(int number);
}
