// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the system calls on files with the real kernel. Needs no rights. */
class LinuxFilesTest {
    private static final int ENXIO = 6;
    private static final int EXDEV = 18;
    private static final int ENAMETOOLONG = 36;

    private final Fd proc = LinuxSyscalls.openProc();
    private final LinuxSyscalls sys = new LinuxSyscalls(proc);
    private final List<Fd> opened = new ArrayList<>(List.of(proc));

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        opened.forEach(Fd::close);
    }

    private Fd open(Path path, OpenAs as) {
        return keep(sys.open(Optional.empty(), path.toString(), as, Walk.NO_LINKS));
    }

    private Fd keep(Fd fd) {
        opened.add(fd);
        return fd;
    }

    private Fd folder() {
        return open(temp, OpenAs.DIRECTORY);
    }

    private static void fails(int errno, Executable call) {
        assertEquals(errno, assertThrows(SyscallException.class, call).errno());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwsr-x--t", "rw-------", "--x--x--x", "rwxrwxrwx"})
    void statSaysWhatTheFileIs(String permissions) throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        Fd fd = open(file, OpenAs.READ);
        int mode = 0;
        for (int i = 0; i < 9; i++) {
            char c = permissions.charAt(i);
            mode |= c == '-' ? 0 : 1 << (8 - i);
            mode |= c == 's' ? 04000 : c == 't' ? 01000 : 0;
        }
        sys.changeMode(fd, mode);
        Stat stat = sys.stat(fd);
        assertEquals(mode, stat.permissions());
        assertEquals(Files.getAttribute(file, "unix:mode"), stat.mode());
        assertEquals(((Integer) Files.getAttribute(file, "unix:uid")).longValue(), stat.uid());
        assertEquals(((Integer) Files.getAttribute(file, "unix:gid")).longValue(), stat.gid());
        assertEquals(Files.getAttribute(file, "unix:ino"), stat.inode());
        long device = (Long) Files.getAttribute(file, "unix:dev");
        long major = (device >> 8 & 0xfff) | (device >> 32 & ~0xfffL);
        long minor = (device & 0xff) | (device >> 12 & ~0xffL);
        assertEquals(major << 32 | minor, stat.device());
        assertEquals(0, stat.standsFor());
        assertTrue(stat.isRegular() && !stat.isDirectory() && !stat.isSymlink());
    }

    @Test
    void kindsAreToldApart() throws IOException {
        Files.createSymbolicLink(temp.resolve("link"), Path.of("nowhere"));
        Stat link = sys.stat(open(temp.resolve("link"), OpenAs.LINK_ITSELF));
        assertTrue(link.isSymlink() && !link.isRegular() && !link.isDirectory());
        Stat folder = sys.stat(open(temp, OpenAs.PATH));
        assertTrue(folder.isDirectory() && !folder.isRegular() && !folder.isSymlink());
        Stat device = sys.stat(open(Path.of("/dev/null"), OpenAs.PATH));
        assertTrue(!device.isRegular() && !device.isDirectory() && !device.isSymlink());
        assertEquals(1L << 32 | 3, device.standsFor());
    }

    @ParameterizedTest
    @EnumSource(Walk.class)
    void noLinkIsFollowed(Walk walk) throws IOException {
        Files.createDirectories(temp.resolve("real/sub"));
        Files.createSymbolicLink(temp.resolve("link"), Path.of("real"));
        Optional<Fd> here = Optional.of(folder());
        for (OpenAs as : List.of(OpenAs.PATH, OpenAs.DIRECTORY, OpenAs.READ)) {
            fails(Errno.ELOOP, () -> sys.open(here, "link", as, walk));
            fails(Errno.ELOOP, () -> sys.open(here, "link/sub", as, walk));
        }
        fails(Errno.ELOOP, () -> sys.open(here, "link/sub", OpenAs.LINK_ITSELF, walk));
        assertEquals("real", sys.readLink(keep(sys.open(here, "link", OpenAs.LINK_ITSELF, walk))));
        assertEquals("real", sys.readLink(here.get(), "link"));
        fails(Errno.EINVAL, () -> sys.readLink(here.get(), "real"));
    }

    @Test
    void noMagicLinkIsFollowed() {
        for (String magic : List.of(
                "/proc/self/root", "/proc/self/cwd", "/proc/self/exe", "/proc/self/fd/0", "/proc/self/root/etc")) {
            fails(Errno.ELOOP, () -> sys.open(Optional.empty(), magic, OpenAs.PATH, Walk.NO_LINKS));
        }
        Optional<Fd> host = Optional.of(proc);
        fails(Errno.ELOOP, () -> sys.open(host, "thread-self/root", OpenAs.PATH, Walk.INSIDE));
    }

    @Test
    void insideIsInside() throws IOException {
        Files.createDirectories(temp.resolve("a/b"));
        Optional<Fd> a = Optional.of(open(temp.resolve("a"), OpenAs.DIRECTORY));
        fails(EXDEV, () -> sys.open(a, "..", OpenAs.PATH, Walk.INSIDE));
        fails(EXDEV, () -> sys.open(a, "b/../..", OpenAs.PATH, Walk.INSIDE));
        fails(EXDEV, () -> sys.open(a, "/", OpenAs.PATH, Walk.INSIDE));
        keep(sys.open(a, "b/..", OpenAs.PATH, Walk.INSIDE));
        Optional<Fd> root = Optional.of(open(Path.of("/"), OpenAs.PATH));
        fails(EXDEV, () -> sys.open(root, "proc", OpenAs.PATH, Walk.INSIDE));
    }

    @Test
    void nothingBlocksOnAFifoOrASocket() throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", temp.resolve("fifo").toString())
                        .start()
                        .waitFor());
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            try (Fd fifo = new LinuxSyscalls(proc)
                    .open(Optional.empty(), temp.resolve("fifo").toString(), OpenAs.READ, Walk.NO_LINKS)) {
                assertTrue(!new LinuxSyscalls(proc).stat(fifo).isRegular());
            }
        });
        keep(new Sockets().listen(temp.resolve("socket").toString()));
        fails(ENXIO, () -> open(temp.resolve("socket"), OpenAs.READ));
        assertTrue(!sys.stat(open(temp.resolve("socket"), OpenAs.PATH)).isRegular());
    }

    @Test
    void renameReplacesNothingAndReplaceDoes() throws IOException {
        Files.writeString(temp.resolve("one"), "1");
        Files.writeString(temp.resolve("two"), "2");
        Fd folder = folder();
        fails(Errno.EEXIST, () -> sys.rename(folder, "one", "two"));
        assertEquals("2", Files.readString(temp.resolve("two")));
        sys.replace(folder, "one", "two");
        assertEquals("1", Files.readString(temp.resolve("two")));
        sys.rename(folder, "two", "three");
        assertEquals(List.of("three"), sys.list(folder));
        fails(Errno.ENOENT, () -> sys.rename(folder, "two", "four"));
    }

    @Test
    void fiveThousandNamesAreListedOnceEach() throws IOException {
        TreeSet<String> expected = new TreeSet<>();
        for (int i = 0; i < 5000; i++) {
            // Of all lengths, so that entries end at every offset of the buffer.
            String name = i + "-" + (i % 3 == 0 ? "ä" : "x").repeat(i % 100);
            Files.createFile(temp.resolve(name));
            expected.add(name);
        }
        List<String> found = sys.list(folder());
        assertEquals(5000, found.size());
        assertEquals(expected, new TreeSet<>(found));
    }

    @Test
    void emptyFolderHasNoNames() {
        assertEquals(List.of(), sys.list(folder()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, 100_000})
    void whatIsWrittenIsRead(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Fd folder = folder();
        try (Fd file = sys.create(folder, "new")) {
            sys.write(file, bytes);
        }
        assertArrayEquals(bytes, sys.read(open(temp.resolve("new"), OpenAs.READ), size + 1));
        assertArrayEquals(bytes, sys.read(open(temp.resolve("new"), OpenAs.READ), size));
        int most = Math.max(0, size - 1);
        assertEquals(most, sys.read(open(temp.resolve("new"), OpenAs.READ), most).length);
        assertEquals(0, sys.read(open(temp.resolve("new"), OpenAs.READ), 0).length);
    }

    @Test
    void createdFileIsNewAndItsOwners() throws IOException {
        Fd folder = folder();
        keep(sys.create(folder, "new"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("new"))));
        fails(Errno.EEXIST, () -> sys.create(folder, "new"));
        Files.createSymbolicLink(temp.resolve("dangling"), temp.resolve("elsewhere"));
        fails(Errno.EEXIST, () -> sys.create(folder, "dangling"));
        assertTrue(!Files.exists(temp.resolve("elsewhere")));
    }

    @Test
    void foldersAndLinksAreMadeAndRemoved() throws IOException {
        Fd folder = folder();
        sys.makeDirectory(folder, "d", 0700);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("d"))));
        fails(Errno.EEXIST, () -> sys.makeDirectory(folder, "d", 0700));
        sys.makeLink(folder, "l", "ä text that leads nowhere");
        assertEquals("ä text that leads nowhere", sys.readLink(folder, "l"));
        fails(Errno.ENOTDIR, () -> sys.removeDirectory(folder, "l"));
        Files.createFile(temp.resolve("d/f"));
        fails(Errno.ENOTEMPTY, () -> sys.removeDirectory(folder, "d"));
        sys.remove(folder, "l");
        sys.remove(keep(sys.open(Optional.of(folder), "d", OpenAs.DIRECTORY, Walk.INSIDE)), "f");
        sys.removeDirectory(folder, "d");
        assertEquals(List.of(), sys.list(folder()));
    }

    @Test
    void tooLongNamesAreTheKernelsToRefuse() {
        Fd folder = folder();
        fails(ENAMETOOLONG, () -> sys.makeDirectory(folder, "x".repeat(256), 0700));
        fails(ENAMETOOLONG, () -> sys.open(Optional.empty(), "/x".repeat(2100), OpenAs.PATH, Walk.NO_LINKS));
        assertThrows(IllegalArgumentException.class, () -> sys.makeLink(folder, "l", "x".repeat(20_000)));
        assertThrows(IllegalArgumentException.class, () -> sys.makeLink(folder, "l", "a\0b"));
    }

    @Test
    void messagesNameTheCallAndTheObject() {
        SyscallException e = assertThrows(
                SyscallException.class, () -> sys.open(Optional.empty(), "/no/such/file", OpenAs.PATH, Walk.NO_LINKS));
        assertEquals("No such file or directory (openat2 /no/such/file)", e.getMessage());
    }

    @Test
    void closedDescriptorIsNotUsedAgain() {
        Fd folder = folder();
        folder.close();
        folder.close();
        assertThrows(IllegalStateException.class, () -> sys.list(folder));
    }

    @Test
    void everyDescriptorIsClosedOnExec() throws IOException {
        Fd folder = folder();
        Sockets sockets = new Sockets();
        Fd listening = keep(sockets.listen(temp.resolve("s").toString()));
        Sockets.Pair pair = sockets.pair();
        List<Fd> all = List.of(
                proc,
                folder,
                open(temp, OpenAs.PATH),
                open(temp, OpenAs.LINK_ITSELF),
                keep(sys.create(folder, "f")),
                open(temp.resolve("f"), OpenAs.READ),
                keep(sys.namespaceOfThisThread()),
                keep(sys.mountTable()),
                listening,
                keep(sockets.connect(temp.resolve("s").toString())),
                keep(sockets.accept(listening).orElseThrow()),
                keep(pair.one()),
                keep(pair.other()),
                keep(new Bell().counter()));
        for (Fd fd : all) {
            assertClosedOnExec(fd);
        }
    }

    static void assertClosedOnExec(Fd fd) throws IOException {
        String flags = Files.readString(Path.of("/proc/self/fdinfo/" + fd.number()))
                .replaceFirst("(?s).*flags:\\s*(\\d+).*", "$1");
        assertTrue((Long.parseLong(flags, 8) & 02000000) != 0, "descriptor " + fd.number() + " has flags " + flags);
    }
}
