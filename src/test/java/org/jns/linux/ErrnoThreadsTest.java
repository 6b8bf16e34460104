// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** errno belongs to a thread and to its last call: simultaneous calls of other threads do not change it. */
class ErrnoThreadsTest {
    private static final int THREADS = 8;
    private static final long NANOSECONDS = 2_000_000_000L;

    @TempDir
    Path temp;

    @Test
    void eachThreadSeesTheErrorsOfItsOwnCalls() throws Exception {
        java.nio.file.Files.createFile(temp.resolve("file"));
        java.nio.file.Files.createSymbolicLink(temp.resolve("link"), Path.of("file"));
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicLong calls = new AtomicLong();
        long until = System.nanoTime() + NANOSECONDS;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int first = i;
            threads.add(new Thread(() -> run(first, until, wrong, calls)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(wrong));
        assertTrue(calls.get() > 1000, calls + " calls");
    }

    private void run(int first, long until, Queue<String> wrong, AtomicLong calls) {
        try (Fd proc = LinuxSyscalls.openProc();
                Fd folder = new LinuxSyscalls(proc)
                        .open(Optional.empty(), temp.toString(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            LinuxSyscalls sys = new LinuxSyscalls(proc);
            Map<Integer, Runnable> expected = Map.of(
                    Errno.ENOENT,
                    () -> sys.remove(folder, "nothing"),
                    Errno.EEXIST,
                    () -> sys.makeDirectory(folder, "file", 0700),
                    Errno.ELOOP,
                    () -> sys.open(Optional.of(folder), "link", OpenAs.PATH, Walk.INSIDE),
                    Errno.ENOTDIR,
                    () -> sys.open(Optional.of(folder), "file/x", OpenAs.PATH, Walk.INSIDE),
                    Errno.EINVAL,
                    () -> sys.readLink(folder, "file"),
                    36,
                    () -> sys.remove(folder, "x".repeat(300)),
                    18,
                    () -> sys.open(Optional.of(folder), "..", OpenAs.PATH, Walk.INSIDE));
            List<Integer> order = expected.keySet().stream().sorted().toList();
            for (int i = first; System.nanoTime() < until; i++) {
                int errno = order.get(i % order.size());
                calls.incrementAndGet();
                try {
                    expected.get(errno).run();
                    wrong.add("no error where " + errno + " was due");
                } catch (SyscallException e) {
                    if (e.errno() != errno) {
                        wrong.add(e.errno() + " where " + errno + " was due");
                    }
                }
                // A call that succeeds in between, and garbage for the collector.
                sys.stat(folder);
            }
        } catch (RuntimeException e) {
            wrong.add(e.toString());
        }
    }
}
