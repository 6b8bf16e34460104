// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.nio.charset.StandardCharsets;
import org.jns.linux.Errno;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;

/** Keeps a {@link Trial} across restarts: one line, "running BOOT FROM UNTIL" or "over"; no file if there is none. */
final class TrialFile {
    private static final int MOST_BYTES = 256;

    private final WholeFile file;

    TrialFile(Syscalls sys, AbsPath path) {
        this.file = new WholeFile(sys, path, MOST_BYTES);
    }

    /** An invalid file was a trial: the confirmed rules are the safe answer. */
    Trial read() {
        try {
            return file.read()
                    .map(bytes -> parse(new String(bytes, StandardCharsets.US_ASCII)))
                    .orElse(Trial.OVER);
        } catch (SyscallException e) {
            // An ordinary user who runs jnsctl may not read it.
            return e.errno() == Errno.ENOENT || e.errno() == Errno.EACCES ? Trial.NONE : Trial.OVER;
        }
    }

    void write(Trial trial) {
        if (trial.equals(read())) {
            return;
        }
        if (trial instanceof Trial.None) {
            file.remove();
        } else {
            file.write(text(trial).getBytes(StandardCharsets.US_ASCII));
        }
    }

    static String text(Trial trial) {
        return trial instanceof Trial.Running running
                ? "running " + running.boot() + " " + running.from() + " " + running.until() + "\n"
                : "over\n";
    }

    static Trial parse(String text) {
        if (!text.matches("running [0-9a-f-]{36} [0-9]{1,12} [0-9]{1,12}\n")) {
            return Trial.OVER;
        }
        String[] words = text.strip().split(" ");
        return new Trial.Running(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]));
    }
}
