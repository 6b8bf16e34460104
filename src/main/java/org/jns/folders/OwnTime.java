// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;

/**
 * The time that jns counts itself, to measure the age of private folders: the seconds that the machine has been running
 * since jns first looked. Nobody can set it. The wall clock may be wrong by years, after a flat battery or a mistake,
 * and must not make a folder that was used yesterday look old. The link {@code BASE/.time} keeps it: the seconds, and
 * the boot and its uptime at which they were written. If the link is lost, the time restarts at 0, and no age is known.
 *
 * <p>Reasons: docs/decisions/42-age-of-a-private-folder.md
 */
final class OwnTime {
    static final String FILE = ".time";
    /** Not at each look: seconds lost in a crash make folders younger, and never older. */
    private static final long WRITTEN_EVERY = 60;

    private static final long HUNDREDTHS = 100;

    private final Syscalls sys;

    OwnTime(Syscalls sys) {
        this.sys = sys;
    }

    private record Kept(long seconds, String boot, long up) {
        static final Kept NONE = new Kept(0, "", 0);

        static Kept parse(String text) {
            String[] fields = text.split(" ");
            boolean isOne = fields.length == 3 && isNumber(fields[0]) && isNumber(fields[2]);
            return isOne ? new Kept(Long.parseLong(fields[0]), fields[1], Long.parseLong(fields[2])) : NONE;
        }

        boolean isNone() {
            return boot.isEmpty();
        }

        /** Counts after that only what this boot has seen. */
        long at(String nowBoot, long nowUp) {
            if (isNone()) {
                return 0;
            }
            return seconds + (boot.equals(nowBoot) ? Math.max(0, nowUp - up) : nowUp);
        }

        String text() {
            return seconds + " " + boot + " " + up;
        }
    }

    /** In seconds. Writes nothing. */
    long now(Fd base) {
        return kept(base).at(sys.boot(), up());
    }

    /**
     * In seconds. Writes the time if that is due.
     *
     * @throws SyscallException if it cannot be written
     */
    long pass(Fd base) {
        Kept kept = kept(base);
        Kept now = new Kept(kept.at(sys.boot(), up()), sys.boot(), up());
        if (kept.isNone() || !kept.boot().equals(now.boot()) || now.seconds() - kept.seconds() >= WRITTEN_EVERY) {
            write(base, now.text());
        }
        return now.seconds();
    }

    private long up() {
        return sys.sinceBoot() / HUNDREDTHS;
    }

    private Kept kept(Fd base) {
        try {
            return Kept.parse(sys.readLink(base, FILE));
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return Kept.NONE;
        }
    }

    private void write(Fd base, String text) {
        String draft = Drafts.PREFIX + TreeRemoval.unique();
        sys.makeLink(base, draft, text);
        try {
            sys.replace(base, draft, FILE);
        } catch (SyscallException e) {
            sys.discard(base, draft);
            throw e;
        }
    }

    static boolean isNumber(String text) {
        return text.length() <= 12 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
