// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.Step.Ownership;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SkeletonTest {
    private static final int EXDEV = 18;

    private final RecordingSyscalls sys = new RecordingSyscalls();

    SkeletonTest() {
        sys.directory("/skel", 0755, 0, 0).directory("/new", 0700, 0, 0);
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private void copy() throws FolderStore.Unsafe {
        try (Fd from = sys.open(Optional.empty(), "/skel", OpenAs.PATH, Walk.NO_LINKS);
                Fd to = sys.open(Optional.empty(), "/new", OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            Skeleton.copy(sys, from, AbsPath.of("/skel"), to, new Ownership(0700, 1000, 1000));
        }
    }

    private String refusal() {
        return assertThrows(FolderStore.Unsafe.class, this::copy).getMessage();
    }

    @Test
    void whatSomebodyElseCouldChangeIsRefused() {
        String advice = "; let root own it, writable by root alone";
        sys.directory("/skel/sub", 0755, 0, 0).file("/skel/sub/f", 0644, 1000, "");
        assertEquals("cannot copy /skel: somebody other than root can change /skel/sub/f" + advice, refusal());
        sys.directory("/skel/sub", 0777, 0, 0);
        assertEquals(
                "cannot copy /skel: somebody other than root can change /skel/sub" + advice,
                assertThrows(FolderStore.Unsafe.class, this::again).getMessage());
        sys.directory("/skel/sub", 0755, 0, 0).link("/skel/sub/l", 1000, "x");
        assertEquals(
                "cannot copy /skel: somebody other than root can change /skel/sub/l" + advice,
                assertThrows(FolderStore.Unsafe.class, this::again).getMessage());
    }

    private void again() throws FolderStore.Unsafe {
        sys.directory("/new", 0700, 0, 0);
        copy();
    }

    @Test
    void devicesPipesAndSocketsAreRefused() {
        sys.fifo("/skel/pipe");
        assertEquals(
                "cannot copy /skel: somebody other than root can change /skel/pipe; let root own it, writable by root alone",
                refusal());
        sys.chown("/skel/pipe", 0, 0644);
        assertEquals("cannot copy /skel: /skel/pipe is neither file, folder nor link; take it out", refusal());
    }

    @Test
    void whatIsMountedInsideIsNotCopied() {
        sys.directory("/skel/sub", 0755, 0, 0).mount("/skel/sub", MountFlags.NONE, 1);
        assertEquals(EXDEV, assertThrows(SyscallException.class, this::copy).errno());
    }

    @Test
    void fileThatBecomesALinkIsNotFollowed() {
        sys.file("/skel/f", 0644, 0, "").link("/trap", 1000, "/etc/shadow");
        sys.transcript().meanwhile("open", 5, () -> sys.swap("/skel/f", "/trap"));
        assertEquals(40, assertThrows(SyscallException.class, this::copy).errno());
        assertEquals(List.of(), sys.names("/new"));
    }

    @Test
    void thereIsAnEndToIt() throws FolderStore.Unsafe {
        for (int i = 0; i < 10_000; i++) {
            sys.link("/skel/" + i, 0, "x");
        }
        copy();
        assertEquals(10_000, sys.names("/new").size());
        sys.link("/skel/more", 0, "x").directory("/new", 0700, 0, 0);
        assertEquals("cannot copy /skel: it has more than 10000 files", refusal());
    }

    @Test
    void soManyBytesAreEnough() throws FolderStore.Unsafe {
        // Five files of 64 MiB that share the memory of one.
        String text = "x".repeat(64 << 20);
        for (int i = 0; i < 4; i++) {
            sys.file("/skel/" + i, 0644, 0, i == 0 ? text : "");
            sys.sameContent("/skel/" + i, "/skel/0");
        }
        copy();
        sys.file("/skel/more", 0644, 0, "x").directory("/new", 0700, 0, 0);
        assertEquals("cannot copy /skel: it has more than 256 MiB", refusal());
    }

    @Test
    void foldersAreNotNestedWithoutEnd() {
        StringBuilder path = new StringBuilder("/skel");
        for (int i = 0; i <= 41; i++) {
            sys.directory(path.append("/d").toString(), 0755, 0, 0);
        }
        assertEquals("cannot copy /skel: its folders are nested more than 40 deep", refusal());
    }
}
