// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.jns.linux.Syscalls.Changes;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.MountFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests overlays, locks and copies with the real kernel. */
@RequiresMountNamespace
class FileSystemsTest {
    private static final long OVERLAYFS = 0x794c7630L;

    private final Fd proc = LinuxSyscalls.openProc();
    private final LinuxSyscalls sys = new LinuxSyscalls(proc);
    private final FileSystems fileSystems = new FileSystems(new SyscallCaller());

    @TempDir
    Path temp;

    private Fd open(Path path) {
        return sys.open(Optional.empty(), path.toString(), OpenAs.DIRECTORY, Walk.NO_LINKS);
    }

    /** Both ways work on this kernel; older ones know only the second. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void overlayIsMadeOfDescriptors(boolean byPath) throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            sys.unshareMounts();
            sys.makeAllSlave();
            try (Fd tmpfs = sys.fresh("tmpfs", Map.of(), MountFlags.NONE);
                    Fd onto = open(temp)) {
                sys.attach(tmpfs, onto);
            }
            List<Fd> lower = new ArrayList<>();
            // Without escapes, no text could express the first of these names.
            for (String name : List.of("a:b\\c,d", "second")) {
                lower.add(open(Files.createDirectory(temp.resolve(name))));
            }
            Files.writeString(temp.resolve("a:b\\c,d/f"), "first");
            Files.writeString(temp.resolve("second/f"), "second");
            Files.writeString(temp.resolve("second/g"), "second");
            Path target = Files.createDirectory(temp.resolve("target"));
            // Other files are at the paths by now.
            Files.move(temp.resolve("second"), temp.resolve("moved"));
            Files.createDirectory(temp.resolve("second"));
            Map<String, String> options = Map.of("index", "off");
            Fd around = open(temp);
            Files.createDirectories(temp.resolve("1000/%overlay-x/upper"));
            Files.createDirectories(temp.resolve("1000/%overlay-x/work"));
            Changes changes = new Changes(around, "1000/%overlay-x/upper", "1000/%overlay-x/work");
            Fd tree = byPath
                    ? fileSystems.overlayByPath(lower, changes, options, 2)
                    : sys.overlay(lower, changes, options, MountFlags.NOSUID);
            assertEquals(new FileSystem(OVERLAYFS, MountFlags.NOSUID), sys.fileSystem(tree));
            try (Fd onto = open(target)) {
                sys.attach(tree, onto);
            }
            assertEquals("first", Files.readString(target.resolve("f")));
            assertEquals("second", Files.readString(target.resolve("g")));
            Files.writeString(target.resolve("new"), "x");
            assertTrue(Files.exists(temp.resolve("1000/%overlay-x/upper/new")));
            String line = Files.readAllLines(Path.of("/proc/thread-self/mountinfo")).stream()
                    .filter(l -> l.contains(target.toString()))
                    .findAny()
                    .orElseThrow();
            assertTrue(line.contains("/1000/%overlay-x/upper"), line);
            tree.close();
            around.close();
            lower.forEach(Fd::close);
            sys.detach(target.toString());
            assertTrue(Files.notExists(target.resolve("new")));
            return null;
        });
        new Thread(task).start();
        task.get();
    }

    /** A kernel that accepts no folder of an overlay as a descriptor, fsconfig(2). */
    private static FileSystems onKernelThatAnswers(int errno) {
        return new FileSystems(new SyscallCaller() {
            @Override
            long call(Arch.Call call, String object, long a, long b, long c, long d, long e) {
                int setFd = 5;
                if (call == Arch.Call.FSCONFIG && b == setFd) {
                    throw new SyscallException("fsconfig", object, errno);
                }
                return super.call(call, object, a, b, c, d, e);
            }
        });
    }

    /** [E3] EINVAL is Linux 6.5 to 6.12, EOPNOTSUPP all earlier ones. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EINVAL, Errno.EOPNOTSUPP})
    void kernelsThatTakeNoDescriptorsAreGivenPaths(int errno) {
        FileSystems old = onKernelThatAnswers(errno);
        try (Fd any = open(temp)) {
            assertEquals(Optional.empty(), old.overlay(List.of(any), any, any, Map.of(), 0));
        }
    }

    @Test
    void folderThatMayNotBeGivenIsAnError() {
        FileSystems denied = onKernelThatAnswers(Errno.EACCES);
        try (Fd any = open(temp)) {
            assertEquals(
                    Errno.EACCES,
                    assertThrows(SyscallException.class, () -> denied.overlay(List.of(any), any, any, Map.of(), 0))
                            .errno());
        }
    }

    @Test
    void folderThatAnOverlayWorksInIsInUse() throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            sys.unshareMounts();
            sys.makeAllSlave();
            try (Fd tmpfs = sys.fresh("tmpfs", Map.of(), MountFlags.NONE);
                    Fd onto = open(temp)) {
                sys.attach(tmpfs, onto);
            }
            for (String name : List.of("lower", "upper", "work", "other")) {
                Files.createDirectory(temp.resolve(name));
            }
            try (Fd around = open(temp);
                    Fd lower = open(temp.resolve("lower"))) {
                Fd first = sys.overlay(
                        List.of(lower), new Changes(around, "upper", "work"), Map.of("index", "off"), MountFlags.NONE);
                assertEquals(
                        Errno.EBUSY,
                        assertThrows(SyscallException.class, () -> probe(lower, around))
                                .errno());
                first.close();
                probe(lower, around);
                // Twice: asking must not itself be a use.
                probe(lower, around);
            }
            return null;
        });
        new Thread(task).start();
        task.get();
    }

    private void probe(Fd lower, Fd around) {
        sys.overlay(List.of(lower), new Changes(around, "other", "work"), Map.of("index", "on"), MountFlags.NONE)
                .close();
    }

    @Test
    void unknownOptionsAndTypesAreRefused() {
        assertEquals(
                Errno.EINVAL,
                assertThrows(SyscallException.class, () -> sys.fresh("proc", Map.of("hidepid", "all"), MountFlags.NONE))
                        .errno());
        assertEquals(
                19,
                assertThrows(SyscallException.class, () -> sys.fresh("no-such", Map.of(), MountFlags.NONE))
                        .errno());
    }

    @Test
    void copyEndsWithTheFileOrBefore() throws Exception {
        byte[] content = new byte[3_000_000];
        new java.util.Random(1).nextBytes(content);
        Files.write(temp.resolve("from"), content);
        try (Fd folder = open(temp);
                Fd all = sys.create(folder, "all");
                Fd part = sys.create(folder, "part")) {
            for (Fd to : List.of(all, part)) {
                try (Fd from = sys.open(Optional.of(folder), "from", OpenAs.READ, Walk.INSIDE)) {
                    assertEquals(
                            to == all ? 3_000_000 : 2_000_001, sys.copy(from, to, to == all ? 4_000_000 : 2_000_001));
                }
            }
        }
        assertEquals(-1, Files.mismatch(temp.resolve("from"), temp.resolve("all")));
        assertEquals(2_000_001, Files.size(temp.resolve("part")));
    }

    @Test
    void lockIsHeldUntilItsDescriptorIsClosed() throws Exception {
        Fd held = open(temp);
        sys.lock(held);
        FutureTask<Long> second = new FutureTask<>(() -> {
            LinuxSyscalls own = new LinuxSyscalls(proc);
            try (Fd other = own.open(Optional.empty(), temp.toString(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
                own.lock(other);
                return System.nanoTime();
            }
        });
        new Thread(second).start();
        Thread.sleep(50);
        assertTrue(!second.isDone());
        long released = System.nanoTime();
        held.close();
        assertTrue(second.get() >= released);
    }
}
