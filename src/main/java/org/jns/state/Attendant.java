// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.Processes;

/** A process that a view needs and that no session is in: it ends with the view, and a view without it is not whole. */
public record Attendant(Kind kind, Leader process) {

    public enum Kind {
        /** Looks after a volume. What it has started serves the volume, and ends with it. */
        VOLUME("volume"),
        /** The first process of the view's PID namespace. What it has adopted are sessions' processes. */
        INIT("init");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As records have it. */
        String word() {
            return word;
        }

        /**
         * @throws IllegalArgumentException if it is no kind
         */
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
