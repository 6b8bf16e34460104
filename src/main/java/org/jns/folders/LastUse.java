// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;

/**
 * When a folder was used last, in the time that jns counts itself. A link {@code .used-KEY} next to the note {@code
 * .keep-KEY} says it, together with the timestamps of the note when it was written. A login changes those, and a
 * program that restores a folder from a backup cannot set them all: then the link is no longer valid, and the folder
 * counts as used when that is noticed. The note itself has the wall-clock time, because an earlier version of jns reads
 * it.
 */
final class LastUse {
    private LastUse() {}

    /**
     * Seconds of {@link OwnTime}; empty if the folder has changed since the use was noted.
     *
     * @param times of the note
     */
    static Optional<Long> noted(Syscalls sys, Fd own, FolderName name, Syscalls.Times times) {
        String text;
        try {
            text = sys.readLink(own, name.use());
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.EINVAL) {
                return Optional.empty();
            }
            throw e;
        }
        String seconds = text.substring(0, Math.max(0, text.indexOf(' ')));
        boolean isSame = OwnTime.isNumber(seconds) && text.equals(text(Long.parseLong(seconds), times));
        return isSame ? Optional.of(Long.parseLong(seconds)) : Optional.empty();
    }

    /** Notes a use now. */
    static void note(Syscalls sys, Fd own, FolderName name, long now) {
        sys.touch(own, name.note());
        String draft = Drafts.PREFIX + TreeRemoval.unique();
        sys.makeLink(own, draft, text(now, sys.times(own, name.note())));
        try {
            sys.replace(own, draft, name.use());
        } catch (SyscallException e) {
            sys.discard(own, draft);
            throw e;
        }
    }

    private static String text(long seconds, Syscalls.Times times) {
        return seconds + " " + text(times.content()) + " " + text(times.inode());
    }

    private static String text(Syscalls.Time time) {
        return time.seconds() + "." + time.nanoseconds();
    }
}
