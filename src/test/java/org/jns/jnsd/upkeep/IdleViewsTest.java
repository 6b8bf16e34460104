// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.jns.config.Places;
import org.jns.jnsd.login.Workbench;
import org.jns.jnsd.views.ResidentViews;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the look at views without sessions and processes. */
class IdleViewsTest {
    private static final AbsPath STATE = AbsPath.of("/run");
    private static final long ALICE = 1001;
    private static final long NAMESPACE = 7;
    private static final String ID = "1001.00000000000000aa";
    private static final long NSFS = 0x6e736673;

    private final RecordingSyscalls sys = new RecordingSyscalls();
    private final ResidentViews views = new ResidentViews();
    private final Fd host = sys.namespaceOfThisThread();
    private final Fd proc;
    private final Records records;
    private final Pins pins;
    private final IdleViews idleViews;

    IdleViewsTest() {
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
        sys.directory("/proc", 0555, 0, 0).file("/proc/uptime", 0444, 0, "1");
        proc = sys.namespaceOfThisThread();
        records = new Records(sys, STATE);
        pins = Pins.open(sys, STATE, host);
        Places places = new Places(STATE.child("jnsd.sock"), STATE, AbsPath.of("/instances"), AbsPath.of("/rules"));
        idleViews = new IdleViews(sys, new Workbench.Common(proc, host, places, records, pins, views, 0, 0), views);
    }

    @AfterEach
    void nothingStaysOpen() {
        views.forgetAll();
        records.close();
        pins.close();
        proc.close();
        host.close();
        sys.assertClean();
    }

    private static View view() {
        return new View(ID, "alice", ALICE, NAMESPACE, "k", List.of(), List.of(), List.of(), 0);
    }

    @Test
    void aViewThatNobodyIsInEnds() {
        views.adopt(view(), Namespaces.only(sys.namespaceOfThisThread()));
        IdleViews.Result result = idleViews.look(List.of(ALICE));
        assertEquals(Set.of(), result.stay());
        assertFalse(views.knows(ID));
    }

    /**
     * It stays for half a minute after the daemon learned of it, because no known session may end and cause another
     * look.
     */
    @Test
    void theUserOfAViewThatWasMetJustNowIsLookedAtAgain() {
        views.meet(view(), Namespaces.only(sys.namespaceOfThisThread()));
        IdleViews.Result result = idleViews.look(List.of(ALICE));
        assertTrue(views.knows(ID));
        assertEquals(Set.of(ALICE), result.stay());
    }
}
