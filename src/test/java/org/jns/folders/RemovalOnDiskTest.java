// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.RequiresMountNamespace;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@link TreeRemoval} with the real kernel, against users who change their folders meanwhile. */
@RequiresMountNamespace
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RemovalOnDiskTest {
    private final Fd proc = LinuxSyscalls.openProc();
    private final LinuxSyscalls sys = new LinuxSyscalls(proc);
    private final TreeRemoval removal = new TreeRemoval(sys, () -> false);

    @TempDir
    Path temp;

    private Path tree;
    private Path precious;

    @BeforeEach
    void prepare() throws IOException {
        tree = Files.createDirectories(temp.resolve(".gone/1"));
        precious = Files.createDirectories(temp.resolve("outside/precious"));
        Files.writeString(precious.resolve("file"), "x");
    }

    @AfterEach
    void nothingOutsideWasTouched() throws IOException {
        assertEquals(List.of("file"), names(precious));
        proc.close();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> names = Files.list(folder)) {
            return names.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private void shell(String command) throws Exception {
        Process process = new ProcessBuilder("bash", "-c", command)
                .directory(Files.exists(tree) ? tree.toFile() : temp.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private int turns(int most) {
        int turns = 1;
        try (Fd base = sys.open(Optional.empty(), temp.toString(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            while (removal.turn(base, most)) {
                turns++;
            }
        }
        return turns;
    }

    private void assertAllGone() throws IOException {
        assertEquals(List.of(), removal.complaints());
        assertEquals(List.of(), names(temp.resolve(".gone")));
    }

    @Test
    void aTreeOfAnyDepthNeedsNoMoreThanAnother() throws Exception {
        Fd here = sys.open(Optional.empty(), tree.toString(), OpenAs.DIRECTORY, Walk.NO_LINKS);
        for (int i = 0; i < 100_000; i++) {
            sys.makeDirectory(here, "d", 0755);
            Fd below = sys.open(Optional.of(here), "d", OpenAs.DIRECTORY, Walk.INSIDE);
            here.close();
            here = below;
        }
        here.close();
        int descriptors = names(Path.of("/proc/self/fd")).size();
        assertTrue(turns(10_000) >= 10, "a turn is bounded");
        assertAllGone();
        assertEquals(descriptors, names(Path.of("/proc/self/fd")).size());
    }

    @Test
    void aWideFolderIsRemovedInTurns() throws Exception {
        shell("seq 1 20000 | xargs touch; mkdir d; cd d; seq 1 5000 | xargs mkdir");
        assertTrue(turns(1000) > 20);
        assertAllGone();
    }

    @Test
    void namesAreBytes() throws Exception {
        shell(
                "touch $'new\\nline' $'\\xff\\xfe' $'\\xc3' ' ' -- -rf '*' \\\\; mkdir $'d\\xff'; touch $'d\\xff/\\xff'; mkdir -m 0 closed; mkfifo fifo");
        turns(100);
        assertAllGone();
    }

    @Test
    void hardLinksLoseANameAndNoContent() throws Exception {
        Files.createLink(tree.resolve("link"), precious.resolve("file"));
        Files.createSymbolicLink(tree.resolve("symlink"), precious);
        turns(100);
        assertAllGone();
        assertEquals("x", Files.readString(precious.resolve("file")));
    }

    @Test
    void aMountInsideIsNeitherEnteredNorTakenAway() throws Exception {
        shell("mkdir -p a/home; touch a/b f; mount --bind '" + precious + "' a/home; mount --bind '" + precious
                + "/file' f");
        try {
            turns(100);
            List<String> complaints = removal.complaints();
            assertEquals(2, complaints.size(), complaints.toString());
            assertTrue(
                    complaints.stream().anyMatch(c -> c.startsWith("cannot remove home: Device or resource busy")),
                    complaints.toString());
            assertTrue(
                    complaints.stream().anyMatch(c -> c.startsWith("cannot remove f: Device or resource busy")),
                    complaints.toString());
            assertEquals(List.of("file"), names(precious));
        } finally {
            shell("umount '" + precious + "/file' 2>/dev/null; findmnt -rn -o TARGET | grep '^" + temp
                    + "/.gone' | xargs -r -n 1 umount");
        }
        turns(100);
        assertAllGone();
    }

    @Test
    void anImmutableFileIsLeftUntilItIsNot() throws Exception {
        shell("mkdir a; touch a/stays a/goes");
        Process chattr =
                new ProcessBuilder("chattr", "+i", tree.resolve("a/stays").toString()).start();
        assumeTrue(chattr.waitFor() == 0, "the file system of " + temp + " has no immutable files");
        try {
            turns(100);
            List<String> complaints = removal.complaints();
            assertEquals(1, complaints.size(), complaints.toString());
            assertTrue(
                    complaints.get(0).startsWith("cannot remove stays: Operation not permitted"),
                    complaints.toString());
        } finally {
            shell("find '" + temp + "/.gone' -name stays -exec chattr -i {} +");
        }
        try (Stream<Path> left = Files.walk(temp.resolve(".gone"))) {
            assertEquals(1, left.filter(Files::isRegularFile).count(), "the other file is gone");
        }
        turns(100);
        assertAllGone();
    }

    /**
     * A process that has a folder of the tree open replaces it with a link to elsewhere and back, as fast as it can.
     */
    @Test
    void swappingFoldersForLinksLeadsNowhere() throws Exception {
        for (int round = 0; round < 300; round++) {
            build(round);
            AtomicBoolean over = new AtomicBoolean();
            Thread mallory = new Thread(() -> swap(over));
            mallory.start();
            turns(7);
            over.set(true);
            mallory.join();
            removal.complaints();
            assertEquals(List.of("file"), names(precious));
        }
        turns(100);
        assertEquals(List.of(), names(temp.resolve(".gone")));
    }

    private void build(int round) throws IOException {
        Path victim = Files.createDirectories(temp.resolve(".gone/round" + round + "/sub/precious"))
                .getParent();
        for (int i = 0; i < 20; i++) {
            Files.writeString(victim.resolve("precious").resolve("f" + i), "x");
        }
        Files.createSymbolicLink(victim.resolveSibling("link"), precious.getParent());
        tree = victim.getParent();
    }

    private void swap(AtomicBoolean over) {
        Path folder = tree.resolve("sub");
        Path link = tree.resolve("link");
        Path spare = tree.resolve("spare");
        while (!over.get()) {
            rename(folder, spare);
            rename(link, folder);
            rename(folder, link);
            rename(spare, folder);
        }
    }

    private static void rename(Path from, Path to) {
        if (!from.toFile().renameTo(to.toFile())) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsInUseIsFoundOnThisMachine() throws Exception {
        Process sleeper = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "bash",
                        "-c",
                        "mkdir -p 4711/tmp; mount --bind 4711/tmp /mnt; cd /; touch " + temp
                                + "/ready; exec setpriv --reuid 4712 --clear-groups sleep 60")
                .directory(tree.toFile())
                .start();
        try {
            while (!Files.exists(temp.resolve("ready"))) {
                assertTrue(sleeper.isAlive());
                Thread.sleep(10);
            }
            Thread.sleep(100);
            Set<Long> users = Set.of(0L, 4711L, 4712L);
            InUse inUse = InUse.scan(
                    sys,
                    InUse.Question.ofFolders(users, Set.of("4711/tmp", "4711/other"), Set.of()),
                    InUse.Except.NOBODY);
            assertTrue(inUse.doubts().isEmpty());
            assertTrue(inUse.isMounted(4711, "tmp"));
            assertTrue(inUse.hasProcess(4712));
            assertTrue(inUse.hasProcess(0));
            assertTrue(!inUse.hasProcess(4711) && !inUse.isMounted(4711, "other"));
        } finally {
            sleeper.destroy();
            sleeper.waitFor();
        }
    }

    @Test
    void locksKeepALoginAndARemovalApart() {
        Fd login = open();
        Fd other = open();
        sys.lockShared(login);
        sys.lockShared(other);
        try (Fd remover = open()) {
            assertTrue(!sys.lockAlone(remover));
            login.close();
            assertTrue(!sys.lockAlone(remover));
            other.close();
            assertTrue(sys.lockAlone(remover));
        }
    }

    private Fd open() {
        return sys.open(Optional.empty(), tree.toString(), OpenAs.DIRECTORY, Walk.NO_LINKS);
    }

    private static boolean isNow(Syscalls.Time time) {
        return Math.abs(System.currentTimeMillis() / 1000 - time.seconds()) <= 2;
    }

    /** A restored copy has the old times, except the one that nobody can set. */
    @Test
    void whatWasBroughtBackIsUsedNow() throws Exception {
        Files.createSymbolicLink(tree.resolve(".keep-tmp"), Path.of("1h"));
        FolderName name = FolderName.user("tmp");
        try (Fd folder = open()) {
            LastUse.note(sys, folder, name, 1234);
            assertEquals(Optional.of(1234L), LastUse.noted(sys, folder, name, sys.times(folder, ".keep-tmp")));
            // The clock of files ticks a few hundred times a second.
            Thread.sleep(20);
            shell("tar cf copy.tar .keep-tmp .used-tmp && rm .keep-tmp .used-tmp && tar xpf copy.tar");
            assertEquals(Optional.empty(), LastUse.noted(sys, folder, name, sys.times(folder, ".keep-tmp")));
        }
    }

    @Test
    void recordsHaveATimeThatIsTheLastUse() throws Exception {
        Files.createSymbolicLink(tree.resolve(".keep-tmp"), Path.of("logout"));
        shell("touch -h -d @1000 .keep-tmp");
        try (Fd folder = open()) {
            Syscalls.Times set = sys.times(folder, ".keep-tmp");
            assertEquals(new Syscalls.Time(1000, 0), set.content());
            assertTrue(isNow(set.inode()));
            sys.touch(folder, ".keep-tmp");
            assertTrue(isNow(sys.times(folder, ".keep-tmp").content()));
        }
        assertTrue(sys.boot().matches("[0-9a-f]{32}"));
        assertEquals(
                Set.of(sys.boot()),
                Set.of(Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip()
                        .replace("-", "")));
    }
}
