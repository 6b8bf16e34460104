// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jns.jnsd.login.LoginThreads;

/**
 * Measures for how long each thread that the daemon depends on has been at one piece of work. A thread that waits for
 * work is at rest, however long that takes. Thread-safe.
 */
public final class Heartbeats {
    private static final Path THIS_THREAD = Path.of("/proc/thread-self");
    private static final Path TASKS = Path.of("/proc/self/task");
    /** proc(5) counts in hundredths of a second. */
    private static final long TICK_NS = 10_000_000;

    private static final int UTIME = 11;
    private static final int STIME = 12;

    private final LongSupplier clock;
    private final Map<String, Beat> beats = new LinkedHashMap<>();

    /**
     * @param clock in nanoseconds
     */
    public Heartbeats(LongSupplier clock) {
        this.clock = clock;
    }

    /** Reports of one thread. */
    public final class Beat implements LoginThreads.Beat {
        private final long patience;
        private final boolean waitsForDisks;
        private volatile boolean works;
        private volatile long since;
        private volatile String task = "";
        /**
         * The piece of work that was first asked about, by its beginning, and the thread's processor time at that
         * moment.
         */
        private long askedOf;

        private long ranBefore;

        private Beat(long patience, boolean waitsForDisks) {
            this.patience = patience;
            this.waitsForDisks = waitsForDisks;
        }

        /** Called by the thread when it starts. */
        @Override
        public void begin() {
            try {
                task = Files.readSymbolicLink(THIS_THREAD).getFileName().toString();
            } catch (IOException e) {
                // Then the thread's state in the kernel is unknown, and the thread is treated as one that does not
                // wait.
                task = "";
            }
            work();
        }

        /** Called by the thread when another piece of work begins. */
        @Override
        public void work() {
            since = clock.getAsLong();
            works = true;
        }

        /** Called by the thread when it begins to wait for work. */
        @Override
        public void rest() {
            works = false;
        }

        private long nanoseconds() {
            return works ? Math.max(0, clock.getAsLong() - since) : 0;
        }

        private boolean isStuck() {
            String[] stat = waitsForDisks && works ? stat() : new String[0];
            boolean waits = stat.length > STIME && (stat[0].equals("D") || stat[0].equals("R") && !hasRun(stat));
            return nanoseconds() > patience && !waits;
        }

        /**
         * The thread's fields in proc(5) from the state on. D: a dead disk or file server blocks it; a restarted daemon
         * would wait for the same, and this one could not even be ended. R: it waits for a processor, which may come
         * late if others have a higher priority.
         */
        private String[] stat() {
            try {
                String stat = Files.readString(TASKS.resolve(task).resolve("stat"));
                return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            } catch (IOException | StringIndexOutOfBoundsException e) {
                return new String[0];
            }
        }

        /** Whether it has used its time limit since it was first asked about this piece of work. */
        private boolean hasRun(String[] stat) {
            long ran = (Long.parseLong(stat[UTIME]) + Long.parseLong(stat[STIME])) * TICK_NS;
            long of = since;
            if (askedOf != of) {
                askedOf = of;
                ranBefore = ran;
            }
            return ran - ranBefore > patience;
        }
    }

    /**
     * Adds a thread.
     *
     * @param seconds time limit for one piece of its work
     * @param waitsForDisks whether it may wait for a disk or for a processor indefinitely without being stuck
     */
    public synchronized Beat add(String thread, long seconds, boolean waitsForDisks) {
        Beat beat = new Beat(TimeUnit.SECONDS.toNanos(seconds), waitsForDisks);
        beats.put(thread, beat);
        return beat;
    }

    /** Seconds at the current piece of work, by thread name; 0 for threads at rest. */
    public synchronized Map<String, Double> seconds() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        beats.forEach(
                (thread, beat) -> seconds.put(thread, TimeUnit.NANOSECONDS.toMillis(beat.nanoseconds()) / 1000.0));
        return seconds;
    }

    /** A thread that will probably not return. */
    public synchronized Optional<String> stuck() {
        return beats.entrySet().stream()
                .filter(entry -> entry.getValue().isStuck())
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
