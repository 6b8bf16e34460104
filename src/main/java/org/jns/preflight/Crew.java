// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jns.linux.Syscalls;
import org.jns.linux.Threads;

/**
 * Does one task after another on a separate thread. A system call on a dead file server does not return: then the
 * thread is abandoned, and another one continues with the next task.
 */
final class Crew<T, R> {
    /** In one preflight: if this many tasks hang, the others would as well. */
    private static final int MOST_STUCK = 3;
    /** In the whole process, which may be a daemon that reloads again and again. */
    private static final int MOST_STUCK_EVER = 24;

    private static final AtomicInteger STUCK = new AtomicInteger();

    private final List<T> tasks;
    private final BiFunction<Syscalls, T, R> work;
    private final Supplier<Syscalls> tools;
    private final LinkedBlockingQueue<Done<R>> results = new LinkedBlockingQueue<>();

    private record Done<R>(Object worker, int task, R result) {}

    /** One thread, from its first task on. */
    private final class Worker implements Runnable {
        private final int first;
        private boolean left;
        private boolean ended;
        private boolean counted;

        Worker(int first) {
            this.first = first;
        }

        @Override
        public void run() {
            try {
                Syscalls sys = tools.get();
                for (int i = first; i < tasks.size() && !isLeft(); i++) {
                    results.add(new Done<>(this, i, work.apply(sys, tasks.get(i))));
                }
            } finally {
                cameBack();
            }
        }

        private synchronized boolean isLeft() {
            return left;
        }

        /** The thread is no longer waited for. */
        synchronized void leave(boolean stuck) {
            left = true;
            if (stuck && !ended) {
                counted = true;
                STUCK.incrementAndGet();
            }
        }

        private synchronized void cameBack() {
            if (counted) {
                STUCK.decrementAndGet();
            }
            ended = true;
        }
    }

    /**
     * @param work runs on a thread that may be abandoned; its result is then dropped
     * @param tools for one thread each
     */
    Crew(List<T> tasks, BiFunction<Syscalls, T, R> work, Supplier<Syscalls> tools) {
        this.tasks = tasks;
        this.work = work;
        this.tools = tools;
    }

    /**
     * @param finished gets each result, on this thread
     * @param stuck gets each task that did not return
     * @return how many tasks, the last ones, were not begun
     */
    int run(Patience patience, BiConsumer<T, R> finished, BiConsumer<T, String> stuck) throws InterruptedException {
        int next = 0;
        int hanging = 0;
        while (next < tasks.size() && hanging < MOST_STUCK && STUCK.get() < MOST_STUCK_EVER && !patience.isOver()) {
            Worker worker = new Worker(next);
            Thread thread = new Thread(worker, "preflight");
            thread.setDaemon(true);
            if (!Threads.start(thread)) {
                break;
            }
            next = follow(worker, next, patience, finished);
            boolean hangs = next < tasks.size() && !patience.isOver();
            worker.leave(next < tasks.size());
            if (hangs) {
                hanging++;
                stuck.accept(tasks.get(next), "its folders do not answer in time");
                next++;
            }
        }
        return tasks.size() - next;
    }

    /** @return the first task without a result */
    private int follow(Worker worker, int first, Patience patience, BiConsumer<T, R> finished)
            throws InterruptedException {
        int next = first;
        while (next < tasks.size()) {
            Done<R> done = results.poll(patience.millisecondsForOne(), TimeUnit.MILLISECONDS);
            if (done == null) {
                return next;
            }
            if (done.worker() == worker) {
                finished.accept(tasks.get(next), done.result());
                next++;
            }
        }
        return next;
    }
}
