// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;

/**
 * A point in time that nobody can set.
 *
 * @param boot which boot; empty if the kernel did not tell
 * @param second since that boot, including times of sleep: proc(5), uptime
 */
public record Moment(String boot, long second) {
    private static final Moment UNKNOWN = new Moment("", 0);
    private static final int MOST_BYTES = 128;

    public static Moment now(Syscalls sys) {
        try {
            String boot = read(sys, "/proc/sys/kernel/random/boot_id");
            String uptime = read(sys, "/proc/uptime");
            return boot.matches("[0-9a-f-]{36}") && uptime.matches("[0-9]{1,12}\\..*")
                    ? new Moment(boot, Long.parseLong(uptime.substring(0, uptime.indexOf('.'))))
                    : UNKNOWN;
        } catch (SyscallException e) {
            return UNKNOWN;
        }
    }

    private static String read(Syscalls sys, String path) {
        try (Fd file = sys.open(Optional.empty(), path, OpenAs.READ, Walk.NO_LINKS)) {
            return new String(sys.read(file, MOST_BYTES), StandardCharsets.US_ASCII).strip();
        }
    }

    public boolean isKnown() {
        return !boot.isEmpty();
    }
}
