// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.MountFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests mounts and mount namespaces with the real kernel. Each test runs in a copy of the view's namespace, on a
 * separate thread.
 */
@RequiresMountNamespace
class LinuxMountsTest {
    private static final int EBUSY = 16;
    private static final int EXDEV = 18;

    private final Fd proc = LinuxSyscalls.openProc();
    private final LinuxSyscalls sys = new LinuxSyscalls(proc);

    @TempDir
    Path temp;

    private interface Body {
        void run() throws Exception;
    }

    private void inANamespaceOfItsOwn(Body body) throws Exception {
        onAThread(() -> {
            sys.unshareMounts();
            sys.makeAllSlave();
            body.run();
            return null;
        });
    }

    private static <T> T onAThread(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        new Thread(task).start();
        try {
            return task.get();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    private Fd open(Path path) {
        return sys.open(Optional.empty(), path.toString(), OpenAs.PATH, Walk.NO_LINKS);
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(temp.resolve(name));
    }

    private void tmpfsOn(Path where, MountFlags flags) {
        attach(sys.fresh("tmpfs", Map.of("mode", "755"), flags), where);
    }

    private void attach(Fd tree, Path where) {
        try (tree;
                Fd onto = open(where)) {
            sys.attach(tree, onto);
        }
    }

    /** The last mount at that path in the thread's namespace, as proc(5) describes it; empty if there is none. */
    private static String mountAt(Path where) throws IOException {
        String found = "";
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/mountinfo"))) {
            found = line.split(" ")[4].equals(where.toString()) ? line : found;
        }
        return found;
    }

    private static String namespaceOfThread() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/mnt")).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ro", "nosuid", "nodev", "noexec", "nosymfollow", "ro,nosuid,nodev,noexec,nosymfollow"})
    void flagsAreSetAndSeen(String names) throws Exception {
        MountFlags flags = MountFlags.NONE;
        for (String name : names.isEmpty() ? List.<String>of() : List.of(names.split(","))) {
            flags = flags.plus(MountFlags.named(name));
        }
        MountFlags wanted = flags;
        inANamespaceOfItsOwn(() -> {
            Path fresh = folder("fresh");
            tmpfsOn(fresh, wanted);
            assertFlags(wanted, fresh);
            Path restricted = folder("restricted");
            Fd tree = sys.cloneTree(open(folder("source")), false);
            MountFlags before = sys.fileSystem(tree).flags();
            if (!wanted.isEmpty()) {
                sys.restrict(tree, wanted, false);
            }
            attach(tree, restricted);
            assertFlags(before.plus(wanted), restricted);
        });
    }

    private void assertFlags(MountFlags expected, Path where) throws IOException {
        try (Fd fd = open(where)) {
            assertEquals(expected, sys.fileSystem(fd).flags());
        }
        List<String> options = List.of(mountAt(where).split(" ")[5].split(","));
        for (String name : List.of("ro", "nosuid", "nodev", "noexec", "nosymfollow")) {
            assertEquals(expected.has(MountFlags.named(name)), options.contains(name), name + " in " + options);
        }
    }

    @Test
    void flagsAreNeverTakenAway() throws Exception {
        inANamespaceOfItsOwn(() -> {
            Path where = folder("where");
            Fd tree = sys.fresh("tmpfs", Map.of(), MountFlags.NOSUID.plus(MountFlags.NOEXEC));
            sys.restrict(tree, MountFlags.NODEV, false);
            attach(tree, where);
            assertFlags(MountFlags.NOSUID.plus(MountFlags.NOEXEC).plus(MountFlags.NODEV), where);
        });
    }

    @Test
    void restrictionReachesSubmountsWhereAsked() throws Exception {
        inANamespaceOfItsOwn(() -> {
            Path source = folder("source");
            tmpfsOn(source, MountFlags.NONE);
            tmpfsOn(Files.createDirectory(source.resolve("sub")), MountFlags.NONE);
            for (boolean submounts : List.of(true, false)) {
                Path target = folder("target-" + submounts);
                Fd tree = sys.cloneTree(open(source), true);
                sys.restrict(tree, MountFlags.RO, submounts);
                attach(tree, target);
                assertFlags(MountFlags.RO, target);
                assertFlags(submounts ? MountFlags.RO : MountFlags.NONE, target.resolve("sub"));
            }
            assertFlags(MountFlags.NONE, source);
            Path alone = folder("alone");
            attach(sys.cloneTree(open(source), false), alone);
            assertEquals("", mountAt(alone.resolve("sub")), "a clone without submounts has none");
        });
    }

    @Test
    void tmpfsIsAsItsOptionsSay() throws Exception {
        inANamespaceOfItsOwn(() -> {
            Path where = folder("where");
            Map<String, String> options = new LinkedHashMap<>();
            options.put("mode", "3751");
            options.put("uid", "1000");
            options.put("gid", "50");
            options.put("size", "8192");
            options.put("nr_inodes", "3");
            attach(sys.fresh("tmpfs", options, MountFlags.NODEV), where);
            try (Fd fd = open(where)) {
                Stat stat = sys.stat(fd);
                assertEquals(List.of(03751L, 1000L, 50L), List.of((long) stat.permissions(), stat.uid(), stat.gid()));
            }
            Files.write(where.resolve("full"), new byte[8192]);
            assertThrows(IOException.class, () -> Files.write(where.resolve("full"), new byte[8193]));
            Files.createFile(where.resolve("second"));
            assertThrows(IOException.class, () -> Files.createFile(where.resolve("third")));
            String line = mountAt(where);
            assertTrue(line.contains("size=8k") && line.contains("nr_inodes=3") && line.contains("mode=3751"), line);
            assertEquals(
                    Errno.EINVAL,
                    assertThrows(
                                    SyscallException.class,
                                    () -> sys.fresh("tmpfs", Map.of("mode", "99"), MountFlags.NONE))
                            .errno());
        });
    }

    @Test
    void ownerIsChangedThroughTheDescriptorAlone() throws Exception {
        Path file = Files.createFile(temp.resolve("f"));
        try (Fd fd = sys.open(Optional.empty(), file.toString(), OpenAs.READ, Walk.NO_LINKS)) {
            sys.changeOwner(fd, 0xfffffffeL, 77);
            assertEquals(0xfffffffeL, sys.stat(fd).uid());
            assertEquals(77, sys.stat(fd).gid());
        }
    }

    @Test
    void aPrivateMountPassesNothingOn() throws Exception {
        inANamespaceOfItsOwn(() -> {
            Path shared = folder("shared");
            tmpfsOn(shared, MountFlags.NONE);
            assertEquals(
                    0,
                    new ProcessBuilder("mount", "--make-shared", shared.toString())
                            .inheritIO()
                            .start()
                            .waitFor());
            Path open = folder("open");
            attach(sys.cloneTree(open(shared), false), open);
            assertTrue(mountAt(open).contains(" shared:"), mountAt(open));
            Path cut = folder("cut");
            Fd tree = sys.cloneTree(open(shared), false);
            sys.makePrivate(tree, false);
            attach(tree, cut);
            assertTrue(!mountAt(cut).matches(".* (shared|master):.*"), mountAt(cut));
        });
    }

    @Test
    void aSlaveHearsFromTheHostAndTellsItNothing() throws Exception {
        Path host = folder("host");
        onAThread(() -> {
            // Stands for the host: a namespace with a shared mount.
            sys.unshareMounts();
            sys.makeAllSlave();
            tmpfsOn(host, MountFlags.NONE);
            assertEquals(
                    0,
                    new ProcessBuilder("mount", "--make-shared", host.toString())
                            .inheritIO()
                            .start()
                            .waitFor());
            Files.createDirectory(host.resolve("from-host"));
            Files.createDirectory(host.resolve("from-view"));
            LinuxSyscalls hosts = new LinuxSyscalls(proc);
            FutureTask<String> view = new FutureTask<>(() -> {
                sys.unshareMounts();
                sys.makeAllSlave();
                tmpfsOn(host.resolve("from-view"), MountFlags.NONE);
                return mountAt(host);
            });
            Thread thread = new Thread(view);
            thread.start();
            String line = view.get();
            assertTrue(line.contains(" master:") && !line.contains(" shared:"), line);
            assertEquals("", mountAt(host.resolve("from-view")), "the host saw a mount of the view");
            try (Fd tree = hosts.fresh("tmpfs", Map.of(), MountFlags.NONE);
                    Fd onto = hosts.open(
                            Optional.empty(), host.resolve("from-host").toString(), OpenAs.PATH, Walk.NO_LINKS)) {
                hosts.attach(tree, onto);
            }
            assertNotEquals("", mountAt(host.resolve("from-host")));
            return null;
        });
    }

    @Test
    void onlyTheThreadItselfMoves() throws Exception {
        String main = namespaceOfThread();
        List<String> inside = onAThread(() -> {
            String before = namespaceOfThread();
            sys.unshareMounts();
            String after = namespaceOfThread();
            try (Fd own = sys.namespaceOfThisThread()) {
                assertEquals("mnt:[" + sys.stat(own).inode() + "]", after, "the descriptor is of another namespace");
                LinuxFilesTest.assertClosedOnExec(own);
            }
            return List.of(before, after);
        });
        assertEquals(main, inside.get(0));
        assertNotEquals(main, inside.get(1));
        assertEquals(main, namespaceOfThread());
    }

    @Test
    void wayBackToTheHostIsByItsDescriptor() throws Exception {
        String main = namespaceOfThread();
        try (Fd host = sys.namespaceOfThisThread()) {
            onAThread(() -> {
                sys.unshareMounts();
                assertNotEquals(main, namespaceOfThread());
                sys.enterMounts(host);
                assertEquals(main, namespaceOfThread());
                return null;
            });
        }
    }

    @Test
    void noThreadEntersWithoutHavingLeftTheOthers() throws Exception {
        try (Fd host = sys.namespaceOfThisThread()) {
            int errno = onAThread(() -> assertThrows(SyscallException.class, () -> sys.enterMounts(host))
                    .errno());
            assertEquals(Errno.EINVAL, errno);
        }
    }

    @Test
    void descriptorsOfAnotherNamespaceAreNoSourceAndNoTarget() throws Exception {
        Path a = folder("a");
        try (Fd before = open(a)) {
            inANamespaceOfItsOwn(() -> {
                assertEquals(
                        Errno.EINVAL,
                        assertThrows(SyscallException.class, () -> sys.cloneTree(before, false))
                                .errno());
                try (Fd tree = sys.fresh("tmpfs", Map.of(), MountFlags.NONE)) {
                    assertEquals(
                            Errno.EINVAL,
                            assertThrows(SyscallException.class, () -> sys.attach(tree, before))
                                    .errno());
                }
            });
        }
    }

    @Test
    void fileGoesOverFileAndFolderOverFolder() throws Exception {
        inANamespaceOfItsOwn(() -> {
            Path file = Files.writeString(temp.resolve("file"), "shown");
            Path other = Files.writeString(temp.resolve("other"), "hidden");
            attach(sys.cloneTree(open(file), false), other);
            assertEquals("shown", Files.readString(other));
            assertEquals(
                    Errno.EINVAL,
                    assertThrows(SyscallException.class, () -> attach(sys.cloneTree(open(file), false), folder("d")))
                            .errno());
            assertEquals(
                    Errno.EINVAL,
                    assertThrows(
                                    SyscallException.class,
                                    () -> attach(sys.fresh("tmpfs", Map.of(), MountFlags.NONE), file))
                            .errno());
        });
    }

    @Test
    void insideDoesNotCrossAMount() throws Exception {
        inANamespaceOfItsOwn(() -> {
            Path around = folder("around");
            tmpfsOn(folder("around/sub"), MountFlags.NONE);
            try (Fd fd = open(around)) {
                SyscallException e = assertThrows(
                        SyscallException.class, () -> sys.open(Optional.of(fd), "sub", OpenAs.DIRECTORY, Walk.INSIDE));
                assertEquals(EXDEV, e.errno());
            }
            try (Fd fd = sys.open(Optional.empty(), around.toString(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
                assertEquals(
                        EBUSY,
                        assertThrows(SyscallException.class, () -> sys.removeDirectory(fd, "sub"))
                                .errno());
            }
        });
    }

    @Test
    void aChangeOfTheMountTableIsToldOnce() throws Exception {
        Path where = folder("where");
        try (Fd table = sys.mountTable()) {
            assertTrue(!sys.hasChanged(table), "nothing changed yet");
            // On the process's table, which is the main thread's; so a program is needed.
            assertEquals(
                    0,
                    new ProcessBuilder("mount", "-t", "tmpfs", "none", where.toString())
                            .inheritIO()
                            .start()
                            .waitFor());
            try {
                assertTrue(sys.hasChanged(table));
                assertTrue(!sys.hasChanged(table), "told twice");
            } finally {
                assertEquals(
                        0,
                        new ProcessBuilder("umount", where.toString())
                                .inheritIO()
                                .start()
                                .waitFor());
            }
            assertTrue(sys.hasChanged(table));
            inANamespaceOfItsOwn(() -> tmpfsOn(where, MountFlags.NONE));
            assertTrue(!sys.hasChanged(table), "another namespace's mounts are no change");
        }
    }

    @Test
    void pollerHearsOfMountsOnce() throws Exception {
        Path where = folder("where");
        try (Fd table = sys.mountTable();
                Poller poller = new Poller()) {
            poller.watchChanges(table, 9);
            poller.await(0);
            assertEquals(List.of(), poller.await(0));
            assertEquals(
                    0,
                    new ProcessBuilder("mount", "-t", "tmpfs", "none", where.toString())
                            .inheritIO()
                            .start()
                            .waitFor());
            assertEquals(List.of(9L), poller.await(1000));
            assertEquals(List.of(), poller.await(0));
            assertEquals(
                    0,
                    new ProcessBuilder("umount", where.toString())
                            .inheritIO()
                            .start()
                            .waitFor());
        }
    }
}
