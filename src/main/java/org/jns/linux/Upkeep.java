// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.List;

/** The system calls by which private folders are kept and removed. Each throws {@link SyscallException} on failure. */
public interface Upkeep {

    /**
     * The next names in a folder that was opened as {@link Syscalls.OpenAs#DIRECTORY}, without "." and "..", in no order; empty at the
     * end. No more at a time than fit into one buffer, however many there are.
     */
    List<RawName> listSome(Fd folder);

    /** The next bytes of a file that is open, as many as fit into one buffer; none at the end. For files of any length, which /proc has. */
    byte[] readSome(Fd file);

    /** Fails with EISDIR if it is a folder. */
    void remove(Fd folder, RawName name);

    /** Moves whatever has that name by now, and follows no link. Fails with EEXIST if there is something of the new name. */
    void move(Fd folder, RawName name, Fd to, String newName);

    /** What has that name was changed just now; follows no link. */
    void touch(Fd folder, String name);

    /**
     * A time of a file.
     *
     * @param seconds since 1970, or whatever it was set to
     */
    record Time(long seconds, int nanoseconds) {}

    /**
     * The times of a file.
     *
     * @param content when that was changed last, or what somebody set
     * @param inode when anything of the file was changed last: by the clock, and nobody can set it
     */
    record Times(Time content, Time inode) {}

    /** Those of what has that name; follows no link. */
    Times times(Fd folder, String name);

    /**
     * What has that name, as far as it takes room on the disk.
     *
     * @param bytes that are in use for it, without what is in a folder
     */
    record Extent(boolean isDirectory, long bytes) {}

    /** Of the file system that the file is on. */
    Room room(Fd file);

    /** Follows no link, and mounts nothing. */
    Extent extent(Fd folder, RawName name);

    /**
     * Waits until nobody holds the file alone, and holds it together with others until the descriptor is closed; flock(2).
     *
     * @throws SyscallException EAGAIN after three seconds: whoever holds it may have been stopped
     */
    void lockShared(Fd file);

    /** Holds the file alone until the descriptor is closed; false, at once, if somebody else has it. */
    boolean lockAlone(Fd file);

    /** Different after each start of the machine: 32 hexadecimal digits, random(4). */
    String boot();

    /** Lets everything else go first, from now on and for this thread alone. */
    void goLast();
}
