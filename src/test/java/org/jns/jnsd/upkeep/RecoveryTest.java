// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jns.jnsd.views.ResidentViews;
import org.jns.linux.Fd;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.SeenProcess;
import org.jns.state.SupportProcess;
import org.jns.state.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon starts while daemons for one login are at work. */
class RecoveryTest {
    private static final AbsPath STATE = AbsPath.of("/run");
    private static final String ID = "1001.00000000000000aa";
    private static final long NSFS = 0x6e736673;
    private static final int VOLUME = 7;

    private final RecordingSyscalls sys = new RecordingSyscalls();
    private final ResidentViews views = new ResidentViews();
    private final Fd host = sys.namespaceOfThisThread();
    private final Records records;
    private final Pins pins;
    private final Recovery recovery;

    RecoveryTest() {
        sys.directory("/pins", 0700, 0, 0)
                .directory("/memory", 0700, 0, 0)
                .directory("/run", 0700, 0, 0)
                .directory("/run/sessions", 0700, 0, 0);
        sys.directory("/run/views", 0700, 0, 0)
                .directory("/run/unseen", 0700, 0, 0)
                .directory("/run/keeper", 0700, 0, 0);
        sys.mount("/run/keeper", MountFlags.NONE, 0x01021994)
                .file("/run/keeper/namespace", 0600, 0, "")
                .mount("/run/keeper/namespace", MountFlags.NONE, NSFS);
        sys.process(VOLUME, 90);
        records = new Records(sys, STATE);
        pins = Pins.open(sys, STATE, host);
        recovery = new Recovery(sys, records, pins, views);
    }

    @AfterEach
    void nothingStaysOpen() {
        views.forgetAll();
        records.close();
        pins.close();
        host.close();
        sys.assertClean();
    }

    private void mark() {
        records.markUnseen(sys, ID);
    }

    private void pin() {
        sys.file("/pins/" + ID, 0600, 0, "").mount("/pins/" + ID, MountFlags.NONE, NSFS);
    }

    private void write() {
        long inode;
        try (Fd pin = pins.open(sys, ID).orElseThrow()) {
            inode = sys.stat(pin).inode();
        }
        SupportProcess volume = new SupportProcess(SupportProcess.Kind.VOLUME, new SeenProcess(VOLUME, 100));
        records.write(sys, new View(ID, "alice", 1001, inode, "k", List.of(), List.of(), List.of(volume), 0));
    }

    /** Whether the daemon knows the view after its start, and the view's volume still runs. */
    private boolean isFound() {
        recovery.adopt(id -> false, since -> true);
        return views.knows(ID) && sys.hasProcess(VOLUME);
    }

    /** For each folder that is read: drafts of two types, records, pins, tmpfs mounts, marks. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void aViewThatIsMadeMeanwhileIsFound(int list) {
        sys.transcript().meanwhile("list", list, () -> {
            mark();
            pin();
            write();
        });
        recovery.tidy(since -> false);
        assertTrue(isFound());
    }

    @Test
    void soIsOneThatIsWrittenDownLater() {
        mark();
        pin();
        recovery.tidy(since -> false);
        write();
        assertTrue(isFound());
        recovery.forgetMarks(since -> false);
        assertEquals(List.of(), sys.names("/run/unseen"));
        assertEquals(List.of(ID), sys.names("/pins"));
    }

    @Test
    void whatAKilledHelperHasLeftGoesAtTheStartOrLater() {
        mark();
        pin();
        recovery.tidy(since -> false);
        recovery.forgetMarks(since -> false);
        assertEquals(List.of(ID), sys.names("/pins"), "it may be at work");
        recovery.forgetMarks(since -> true);
        assertEquals(List.of(), sys.names("/pins"));
        assertEquals(List.of(), sys.names("/run/unseen"));
        mark();
        pin();
        recovery.tidy(since -> true);
        assertEquals(List.of(), sys.names("/pins"));
    }

    @Test
    void theVolumeOfARecordWithoutAPinIsEnded() {
        pin();
        write();
        pins.remove(sys, List.of(ID));
        recovery.tidy(since -> false);
        assertFalse(sys.hasProcess(VOLUME));
        assertEquals(List.of(), records.viewIds(sys));
    }
}
