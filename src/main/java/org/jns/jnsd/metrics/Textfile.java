// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.metrics;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jns.jnsd.upkeep.Heartbeats;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.SyscallException;
import org.jns.model.AbsPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the file with the daemon's numbers that the settings name. A separate thread writes it, because its disk may be
 * slow, or gone. Everything else belongs to the main thread.
 */
public final class Textfile {
    private static final Logger LOG = LoggerFactory.getLogger(Textfile.class);
    private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long STACK_BYTES = 512 * 1024;
    /** Readable by all: collectors of numbers seldom run as root. */
    private static final int MODE = 0644;

    private final Fd proc;
    private final AbsPath path;
    private final Supplier<String> text;
    private final Heartbeats.Beat beat;
    private final ArrayBlockingQueue<String> toWrite = new ArrayBlockingQueue<>(1);
    private final Thread thread = new Thread(null, this::work, "metrics", STACK_BYTES);
    private String handedOver = "";
    private long next = System.nanoTime();

    public Textfile(Fd proc, AbsPath path, Supplier<String> text, Heartbeats.Beat beat) {
        this.proc = proc;
        this.path = path;
        this.text = text;
        this.beat = beat;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
        passTime();
    }

    /** How long the main thread may sleep at most, in milliseconds. */
    public int waitAtMost(int milliseconds) {
        long left = TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime()) + 1;
        return (int) Math.max(0, Math.min(milliseconds, left));
    }

    public void passTime() {
        long now = System.nanoTime();
        if (now - next < 0) {
            return;
        }
        next = now + EVERY_NS;
        String current = text.get();
        // An older text is still waiting to be written: this one is written the next time.
        if (!current.equals(handedOver) && toWrite.offer(current)) {
            handedOver = current;
        }
    }

    private void work() {
        LinuxSyscalls sys = new LinuxSyscalls(proc);
        String told = "";
        beat.begin();
        try {
            while (true) {
                beat.rest();
                String current = toWrite.take();
                beat.work();
                try {
                    WrittenMetrics.write(sys, path, MODE, current);
                    told = "";
                } catch (SyscallException e) {
                    if (!told.equals(e.getMessage())) {
                        told = e.getMessage();
                        LOG.atWarn()
                                .addKeyValue("EVENT", "no-metrics")
                                .log("cannot write {}: {}; it is tried again when the numbers change", path, told);
                    }
                }
            }
        } catch (InterruptedException e) {
            return;
        }
    }
}
