// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.MountFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TreeRemovalTest {
    private final RecordingSyscalls sys = new RecordingSyscalls();
    private boolean stopped;
    private final TreeRemoval removal = new TreeRemoval(sys, () -> stopped);

    @BeforeEach
    void prepare() {
        sys.directory("/b", 0700, 0, 0).directory("/b/.gone", 0700, 0, 0).directory("/b/.gone/1", 01777, 1000, 1000);
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private boolean turn(int most) {
        try (Fd base = sys.open(Optional.empty(), "/b", OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            sys.transcript().clear();
            return removal.turn(base, most);
        }
    }

    private void all() {
        for (int i = 0; turn(100); i++) {
            assertTrue(i < 100, "it never ends");
        }
    }

    @Test
    void foldersAreMovedUpAndLinksAreRemoved() {
        sys.directory("/home", 0755, 0, 0).file("/home/precious", 0644, 0, "x");
        sys.file("/b/.gone/1/a b", 0600, 1000, "x")
                .link("/b/.gone/1/link", 1000, "/home")
                .directory("/b/.gone/1/sub", 0, 1000, 1000);
        assertTrue(turn(100));
        assertEquals(
                """
                open 3/.gone DIRECTORY INSIDE = 4
                list 4 = [1]
                unlink 4/1 = EISDIR
                open 4/1 DIRECTORY INSIDE = 5
                list 5 = [a b]
                unlink 5/a b
                list 5 = [link]
                unlink 5/link
                list 5 = [sub]
                unlink 5/sub = EISDIR
                move 5/sub 4/*
                list 5 = []
                close 5
                rmdir 4/1
                list 4 = []
                close 4
                close 3
                """,
                sys.transcript().toString());
        all();
        assertEquals(List.of(), sys.names("/b/.gone"));
        assertEquals(List.of("precious"), sys.names("/home"));
        assertEquals(List.of(), removal.complaints());
    }

    @Test
    void aTurnDoesSoMuchAndNoMore() {
        for (int i = 0; i < 10; i++) {
            sys.file("/b/.gone/1/" + i, 0600, 1000, "x");
        }
        assertTrue(turn(4));
        assertEquals(7, sys.names("/b/.gone/1").size(), "the folder itself is one of the four");
        assertTrue(turn(4));
        assertEquals(4, sys.names("/b/.gone/1").size());
        all();
        assertEquals(List.of(), sys.names("/b/.gone"));
    }

    @Test
    void itStopsBetweenTwoEntries() {
        sys.file("/b/.gone/1/a", 0600, 1000, "x").file("/b/.gone/1/b", 0600, 1000, "x");
        sys.transcript().meanwhile("unlink", 2, () -> stopped = true);
        assertFalse(turn(100));
        assertEquals(List.of("b"), sys.names("/b/.gone/1"));
    }

    @Test
    void aLinkInPlaceOfAFolderIsRemovedItself() {
        sys.directory("/home", 0755, 0, 0).file("/home/precious", 0644, 0, "x");
        sys.directory("/b/.gone/1/sub", 0755, 1000, 1000).file("/b/.gone/1/sub/f", 0644, 1000, "x");
        // Between the look that shows a folder and its move.
        sys.transcript().meanwhile("move", 1, () -> sys.link("/b/.gone/1/sub", 1000, "/home"));
        all();
        assertEquals(List.of(), sys.names("/b/.gone"));
        assertEquals(List.of("precious"), sys.names("/home"));
        assertFalse(sys.transcript().toString().contains("precious"));
    }

    @Test
    void aMountIsLeftAloneAndSaidAndTheRestIsRemoved() {
        sys.directory("/b/.gone/1/home", 0755, 0, 0)
                .mount("/b/.gone/1/home", MountFlags.NONE, 1)
                .file("/b/.gone/1/home/precious", 0600, 0, "x");
        sys.file("/b/.gone/1/a", 0600, 1000, "x").file("/b/.gone/1/z", 0600, 1000, "x");
        all();
        assertEquals(List.of("home"), sys.names("/b/.gone/1"));
        assertEquals(List.of("precious"), sys.names("/b/.gone/1/home"));
        assertEquals(List.of("cannot remove home: Device or resource busy (renameat2 home)"), removal.complaints());
    }

    @Test
    void whatCannotBeRemovedIsTriedAgainAfterItWasSaid() {
        sys.file("/b/.gone/1/immutable", 0600, 0, "x");
        sys.transcript().fail("unlink", 2, Errno.EPERM);
        all();
        assertEquals(
                List.of("cannot remove immutable: Operation not permitted (unlink 5/immutable)"), removal.complaints());
        assertEquals(List.of("immutable"), sys.names("/b/.gone/1"));
        all();
        assertEquals(List.of(), sys.names("/b/.gone"));
    }

    @Test
    void whoKeepsAddingToAFolderIsNotWaitedFor() {
        for (int i = 1; i < 50; i++) {
            int number = i;
            sys.transcript().meanwhile("rmdir", i, () -> sys.file("/b/.gone/1/" + number, 0600, 1000, "x"));
        }
        all();
        assertEquals(1, removal.complaints().size());
        assertTrue(sys.names("/b/.gone/1").size() <= 1);
    }

    @Test
    void nothingToRemoveIsNothingToDo() {
        try (Fd base = sys.open(Optional.empty(), "/b/.gone/1", OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            assertFalse(removal.turn(base, 100));
        }
    }
}
