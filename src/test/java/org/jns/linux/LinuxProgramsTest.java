// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.MountFlags;
import org.junit.jupiter.api.Test;

/** Tests programs that a thread starts in its own view, with the jns-hook that {@code make -C pam-shim} has built. */
@RequiresMountNamespace
class LinuxProgramsTest {
    private static final Path BUILT = Path.of("pam-shim/build").toAbsolutePath();

    private final Fd proc = LinuxSyscalls.openProc();
    private final LinuxSyscalls sys = new LinuxSyscalls(proc);
    private final Fd folder = sys.open(Optional.empty(), BUILT.toString(), OpenAs.DIRECTORY, Walk.NO_LINKS);
    private final Fd nothing = sys.open(Optional.empty(), "/dev/null", OpenAs.READ, Walk.NO_LINKS);

    private static <T> T onAThread(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        new Thread(task).start();
        return task.get();
    }

    private String run(long milliseconds, String... command) {
        List<String> whole = new ArrayList<>(List.of("jns-hook", "3000", "root", "alice", "1000", "sshd"));
        whole.addAll(List.of(command));
        return sys.runProgram(folder, nothing, whole, milliseconds)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("none");
    }

    private static List<String> children() throws IOException {
        List<String> children = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String text = Files.readString(task.resolve("children")).strip();
                    children.addAll(text.isEmpty() ? List.of() : List.of(text.split(" ")));
                } catch (NoSuchFileException e) {
                    // A thread of the JVM that has ended meanwhile.
                    continue;
                }
            }
        }
        return children;
    }

    @Test
    void programIsInTheThreadsView() throws Exception {
        String[] seen = onAThread(() -> {
            sys.unshareMounts();
            sys.makeAllSlave();
            try (Fd own = sys.namespaceOfThisThread()) {
                return new String[] {
                    run(3000, "/bin/readlink", "/proc/self/ns/mnt"),
                    "\nmnt:[" + sys.stat(own).inode() + "]\n"
                };
            }
        });
        assertEquals(seen[1], seen[0]);
        assertTrue(
                !run(3000, "/bin/readlink", "/proc/self/ns/mnt").equals(seen[0]),
                "the test's own thread is in the same");
    }

    @Test
    void starterNeedsNothingOfTheView() throws Exception {
        String answer = onAThread(() -> {
            sys.unshareMounts();
            sys.makeAllSlave();
            for (String hidden : List.of("/usr", "/dev", "/proc", "/etc")) {
                try (Fd onto = sys.open(Optional.empty(), hidden, OpenAs.PATH, Walk.NO_LINKS);
                        Fd empty = sys.fresh("tmpfs", Map.of("mode", "755"), MountFlags.NONE)) {
                    sys.attach(empty, onto);
                }
            }
            return run(3000, "/usr/bin/true");
        });
        assertEquals("bin: No such file or directory\n", answer);
    }

    @Test
    void nothingOfTheJvmIsInTheProgram() {
        assertEquals("\n0\n1\n2\n3\n", run(3000, "/bin/ls", "/proc/self/fd"));
        assertEquals(
                "\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\nLANG=C.UTF-8\nJNS_USER=alice\nJNS_UID=1000\nJNS_SERVICE=sshd\n",
                run(3000, "/usr/bin/env"));
        assertEquals(
                "\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n",
                run(3000, "/bin/grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"));
    }

    @Test
    void noChildIsLeft() throws Exception {
        List<String> before = children();
        run(3000, "/bin/true");
        run(3000, "/bin/false");
        assertEquals(before, children());
    }

    @Test
    void whoeverWaitsNoLongerEndsTheProgram() throws Exception {
        List<String> before = children();
        long began = System.nanoTime();
        assertEquals("none", run(200, "/bin/sleep", "600"));
        long milliseconds = (System.nanoTime() - began) / 1_000_000;
        assertTrue(milliseconds >= 200 && milliseconds < 60_000, milliseconds + " ms");
        assertEquals(before, children());
    }

    @Test
    void badCallHasNoAnswer() {
        assertEquals(Optional.empty(), sys.runProgram(folder, nothing, List.of("jns-hook"), 3000));
    }

    @Test
    void starterThatIsNotThereIsAnError() {
        SyscallException e = assertThrows(
                SyscallException.class, () -> sys.runProgram(folder, nothing, List.of("jns-hook.absent"), 3000));
        assertEquals("No such file or directory (posix_spawn jns-hook.absent)", e.getMessage());
    }

    /** Many at once, in addition to children that the JVM itself waits for. */
    @Test
    void jvmAndThreadsDoNotTakeEachOthersChildren() throws Exception {
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FutureTask<Integer> task = new FutureTask<>(() -> {
                LinuxSyscalls own = new LinuxSyscalls(proc);
                int good = 0;
                for (int n = 0; n < 10; n++) {
                    Optional<byte[]> answer = own.runProgram(
                            folder,
                            nothing,
                            List.of("jns-hook", "3000", "root", "a", "1", "s", "/bin/sh", "-c", "exit " + (n + 1)),
                            4000);
                    good += new String(answer.orElseThrow(), StandardCharsets.UTF_8)
                                    .equals("its exit status is " + (n + 1) + "\n")
                            ? 1
                            : 0;
                }
                return good;
            });
            tasks.add(task);
            new Thread(task).start();
        }
        for (int n = 0; n < 20; n++) {
            assertEquals(
                    n, new ProcessBuilder("/bin/sh", "-c", "exit " + n).start().waitFor());
        }
        for (FutureTask<Integer> task : tasks) {
            assertEquals(10, task.get());
        }
    }
}
