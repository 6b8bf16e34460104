// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jns.folders.PrivateFolders.Folder;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.model.AbsPath;
import org.jns.model.Lifetime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFoldersTest {
    private static final int PLENTY = 10_000;

    private final Fd proc = LinuxSyscalls.openProc();

    @TempDir
    Path temp;

    private Path base;
    private Path own;

    @BeforeEach
    void prepare() throws IOException {
        base = temp.toRealPath();
        own = Files.createDirectory(base.resolve("1001"));
        Files.createSymbolicLink(own.resolve("owner"), Path.of("alice"));
    }

    @AfterEach
    void end() {
        proc.close();
    }

    private List<Folder> look(int most) {
        return new PrivateFolders(new LinuxSyscalls(proc), AbsPath.of(base.toString()), most).of(1001);
    }

    /** The result of du(1), which counts a hard link once. */
    private static long used(Path path) throws IOException {
        Process du = new ProcessBuilder("du", "-s", "--block-size=1", path.toString()).start();
        return Long.parseLong(new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\t")[0]);
    }

    @Test
    void whoHasNoneHasNone() {
        assertEquals(List.of(), look(PLENTY));
        assertEquals(
                List.of(), new PrivateFolders(new LinuxSyscalls(proc), AbsPath.of(base.toString()), PLENTY).of(77));
    }

    @Test
    void eachIsKeptAsNotedAndOtherFilesAreNone() throws IOException {
        for (String name : List.of(
                "tmp",
                "var-tmp",
                "srv",
                ".session-00000000000000aa-tmp",
                ".boot-0123456789abcdef0123456789abcdef-x-y",
                ".new-1")) {
            Files.createDirectory(own.resolve(name));
        }
        Files.createSymbolicLink(own.resolve(".keep-tmp"), Path.of("30d"));
        Files.createSymbolicLink(own.resolve(".keep-srv"), Path.of("rubbish"));
        List<Folder> folders = look(PLENTY);
        assertEquals(
                List.of("x-y boot ", "tmp session 00000000000000aa", "srv ? ", "tmp 30d ", "var-tmp forever "),
                folders.stream()
                        .map(f -> f.key() + " "
                                + f.lifetime().map(Lifetime::toString).orElse("?") + " " + f.session())
                        .toList());
        assertTrue(Math.abs(folders.get(3).used() - System.currentTimeMillis() / 1000) < 100);
        assertEquals(0, folders.get(4).used());
    }

    @Test
    void whatIsInItIsCountedAndWhatIsLinkedIsNot() throws IOException {
        Path tmp = Files.createDirectories(own.resolve("tmp/a/b")).getParent().getParent();
        Files.write(tmp.resolve("a/b/file"), new byte[100_000]);
        Files.write(tmp.resolve("a/file"), new byte[5_000]);
        Path outside = Files.createDirectory(base.resolve("outside"));
        Files.write(outside.resolve("large"), new byte[1_000_000]);
        Files.createSymbolicLink(tmp.resolve("a/link"), outside);
        Folder folder = look(PLENTY).get(0);
        assertEquals(used(tmp), folder.size().bytes());
        assertTrue(folder.size().isWhole());
        assertTrue(folder.size().bytes() < 1_000_000);
    }

    @Test
    void ofTooManyFilesSomeAreCounted() throws IOException {
        Path tmp = Files.createDirectory(own.resolve("tmp"));
        for (int i = 0; i < 50; i++) {
            Files.write(tmp.resolve("f" + i), new byte[10]);
        }
        Files.createDirectory(own.resolve("var"));
        List<Folder> folders = look(20);
        assertEquals(2, folders.size());
        assertFalse(folders.get(0).size().isWhole());
        assertTrue(folders.get(0).size().bytes() < used(tmp));
        assertFalse(folders.get(1).size().isWhole());
        assertTrue(look(60).get(0).size().isWhole());
    }

    @Test
    void theDepthIsBounded() throws IOException {
        Path deep = own.resolve("tmp");
        for (int i = 0; i < 200; i++) {
            deep = deep.resolve("d");
        }
        Files.createDirectories(deep);
        assertFalse(look(PLENTY).get(0).size().isWhole());
        assertEquals(Optional.of(Lifetime.FOREVER), look(PLENTY).get(0).lifetime());
    }

    @Test
    void aNameThatIsNoTextIsCountedAsFarAsItGoes() throws Exception {
        Files.createDirectory(own.resolve("tmp"));
        Process made = new ProcessBuilder(
                        "sh",
                        "-c",
                        "cd \"$1\" && mkdir \"$(printf 'x\\377')\" && echo a >\"$(printf 'y\\377')\"",
                        "sh",
                        own.resolve("tmp").toString())
                .start();
        assertEquals(0, made.waitFor());
        Folder folder = look(PLENTY).get(0);
        assertFalse(folder.size().isWhole());
        assertEquals(used(own.resolve("tmp")), folder.size().bytes());
    }
}
