// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.model.AbsPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
    private static final AbsPath STATE = AbsPath.of("/run/jns");

    private final RecordingSyscalls sys = new RecordingSyscalls()
            .directory("/run", 0755, 0, 0)
            .directory("/run/jns", 0700, 0, 0)
            .directory("/run/jns/sessions", 0700, 0, 0)
            .directory("/run/jns/views", 0700, 0, 0);

    @Test
    void whatIsWrittenIsThereUntilItIsRemoved() {
        try (Records records = new Records(sys, STATE)) {
            records.write(sys, RecordTextTest.SESSION);
            records.write(sys, RecordTextTest.VIEW);
            assertEquals(List.of(RecordTextTest.SESSION), records.allSessions(sys));
            assertEquals(List.of(RecordTextTest.VIEW), records.allViews(sys));
            records.removeSession(sys, RecordTextTest.SESSION.id());
            records.removeView(sys, RecordTextTest.VIEW.id());
            records.removeView(sys, RecordTextTest.VIEW.id());
            assertEquals(List.of(), records.sessionIds(sys));
            assertEquals(List.of(), records.viewIds(sys));
        }
        sys.assertClean();
    }

    /** A record is complete from the moment it has its name. */
    @Test
    void aRecordIsRenamedIntoPlace() {
        try (Records records = new Records(sys, STATE)) {
            sys.transcript().fail("rename", 1, 28);
            assertThrows(SyscallException.class, () -> records.write(sys, RecordTextTest.SESSION));
            assertEquals(List.of(), records.sessionIds(sys));
        }
        sys.assertClean();
    }

    /** [C8] */
    @ParameterizedTest
    @ValueSource(strings = {"create", "write", "rename"})
    void aRecordThatCannotBeWrittenLeavesNoDraft(String call) {
        try (Records records = new Records(sys, STATE)) {
            sys.transcript().fail(call, 1, 28);
            assertThrows(SyscallException.class, () -> records.write(sys, RecordTextTest.SESSION));
            assertEquals(List.of(), sys.names("/run/jns/sessions"));
        }
        sys.assertClean();
    }

    /** Of a writer that was killed. */
    @Test
    void draftsThatWereLeftAreRemoved() {
        sys.file("/run/jns/sessions/.new-" + RecordTextTest.SESSION.id(), 0600, 0, "");
        try (Records records = new Records(sys, STATE)) {
            assertThrows(SyscallException.class, () -> records.write(sys, RecordTextTest.SESSION));
            assertEquals(1, sys.names("/run/jns/sessions").size(), "it is not this one's");
            records.removeDrafts(sys, since -> false);
            assertEquals(1, sys.names("/run/jns/sessions").size(), "it may still be written");
            records.removeDrafts(sys, since -> true);
            assertEquals(List.of(), sys.names("/run/jns/sessions"));
        }
        sys.assertClean();
    }

    @Test
    void whatElseLiesThereIsLeftAlone() {
        sys.directory("/run/jns/views/folder", 0700, 0, 0)
                .file("/run/jns/sessions/notes", 0600, 0, "")
                .file("/run/jns/sessions/.new-", 0600, 0, "");
        try (Records records = new Records(sys, STATE)) {
            assertEquals(List.of(), records.viewIds(sys));
            assertEquals(List.of(), records.sessionIds(sys));
        }
        sys.assertClean();
    }

    @Test
    void aRecordUnderAnotherNameIsNone() {
        try (Records records = new Records(sys, STATE)) {
            records.write(sys, RecordTextTest.SESSION);
            try (Fd folder = sys.open(
                    Optional.empty(),
                    "/run/jns/sessions",
                    RecordingSyscalls.OpenAs.DIRECTORY,
                    RecordingSyscalls.Walk.NO_LINKS)) {
                sys.rename(folder, RecordTextTest.SESSION.id(), "ffffffffffffffff");
            }
            assertEquals(List.of(), records.allSessions(sys));
        }
        sys.assertClean();
    }

    @Test
    void aLeaderIsTheProcessThatWasSeen() {
        sys.process(7, 500);
        assertTrue(watch(new SeenProcess(7, 500)));
        assertTrue(watch(new SeenProcess(7, 9000)));
        assertFalse(watch(new SeenProcess(7, 499)), "another one with its number");
        assertFalse(watch(new SeenProcess(8, 9000)), "gone");
        sys.assertClean();
    }

    private boolean watch(SeenProcess leader) {
        Optional<Fd> handle = leader.watch(sys);
        handle.ifPresent(Fd::close);
        return handle.isPresent();
    }
}
