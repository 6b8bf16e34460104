// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.Processes;

/** A support process of a view, which is in no session: it ends with the view, and a view without it is damaged. */
public record SupportProcess(Kind kind, SeenProcess process) {

    public enum Kind {
        /** Keeps a volume mounted. The processes that it has started serve the volume, and end with it. */
        VOLUME("volume"),
        /** The first process of the view's PID namespace. The processes that it has adopted belong to sessions. */
        INIT("init");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The word in records. */
        String word() {
            return word;
        }

        /** @throws IllegalArgumentException if the word names no kind */
        static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of attendant");
        }
    }

    /**
     * Whether it still runs.
     *
     * @throws org.jns.linux.SyscallException if the kernel does not tell
     */
    public boolean runs(Processes processes) {
        Optional<Fd> handle = process.watch(processes);
        if (handle.isEmpty()) {
            return false;
        }
        try (Fd open = handle.get()) {
            return !processes.awaitEnd(open, 0);
        }
    }
}
