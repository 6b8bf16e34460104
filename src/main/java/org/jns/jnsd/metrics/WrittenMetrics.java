// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.metrics;

import java.nio.charset.StandardCharsets;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;

/**
 * Replaces a file of the daemon's numbers atomically. The folder may belong to another user: no symbolic link in it is
 * followed, and the file is always created new.
 *
 * <p>Reasons: docs/decisions/37-metrics.md
 */
public final class WrittenMetrics {
    private WrittenMetrics() {}

    /** @throws SyscallException if it cannot be written; the previous file remains */
    public static void write(Syscalls sys, AbsPath path, int mode, String text) {
        String draft = "." + path.name() + ".new";
        try (Fd folder = sys.openFolder(path.parent())) {
            discard(sys, folder, draft);
            boolean named = false;
            try (Fd file = sys.create(folder, draft)) {
                sys.changeMode(file, mode);
                sys.write(file, text.getBytes(StandardCharsets.UTF_8));
                sys.replace(folder, draft, path.name());
                named = true;
            } finally {
                if (!named) {
                    sys.discard(folder, draft);
                }
            }
        }
    }

    /** Removes the draft of a daemon that was killed. */
    private static void discard(Syscalls sys, Fd folder, String draft) {
        try {
            sys.remove(folder, draft);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
        }
    }
}
