// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.List;

/** The system calls that keep and remove private folders. Each throws {@link SyscallException} on failure. */
public interface Upkeep {

    /**
     * The next names in a folder that was opened as {@link Syscalls.OpenAs#DIRECTORY}, without "." and "..", in no
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
}
