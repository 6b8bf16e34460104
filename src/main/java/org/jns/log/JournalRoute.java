// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

import org.slf4j.event.Level;

/**
 * State that all loggers share and that may change while they are in use: the level, and the destination of entries.
 */
final class JournalRoute {
    private volatile int threshold = Level.INFO.toInt();
    private volatile JournalSink first;
    private volatile JournalSink otherwise;

    JournalRoute(JournalSink first, JournalSink otherwise) {
        this.first = first;
        this.otherwise = otherwise;
    }

    void level(Level lowest) {
        threshold = lowest.toInt();
    }

    void sinks(JournalSink newFirst, JournalSink newOtherwise) {
        first = newFirst;
        otherwise = newOtherwise;
    }

    boolean carries(Level level) {
        return level.toInt() >= threshold;
    }

    boolean wantsTraces() {
        return carries(Level.DEBUG);
    }

    void write(JournalEntry entry) {
        if (!offer(first, entry)) {
            offer(otherwise, entry);
        }
    }

    private static boolean offer(JournalSink sink, JournalEntry entry) {
        try {
            return sink.write(entry);
        } catch (RuntimeException | LinkageError e) {
            // A failed log line must not make a login fail, not even if a class or a library cannot be loaded.
            return false;
        }
    }
}
