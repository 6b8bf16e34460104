// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpareViewTest {
    private static final int ENOSPC = 28;

    private final RecordingSyscalls sys = new RecordingSyscalls();
    private final Fd host = sys.namespaceOfThisThread();
    private final SpareView spare = new SpareView(sys, host);

    @AfterEach
    void nothingStaysOpen() {
        spare.close();
        host.close();
        sys.assertClean();
    }

    private String refresh() {
        sys.transcript().clear();
        spare.refresh();
        return sys.transcript().toString();
    }

    private void refuse(String call, int errno) {
        sys.transcript().clear();
        sys.transcript().fail(call, 1, errno);
        assertEquals(errno, assertThrows(SyscallException.class, spare::refresh).errno());
    }

    @Test
    void tableIsOpenedBeforeTheCopyIsMade() {
        assertEquals("mountinfo = 4\nunshare\nslave\n", refresh());
        assertEquals("own 1", sys.namespace());
    }

    @Test
    void nothingIsDoneWhereNothingChanged() {
        spare.refresh();
        assertEquals("poll 4 = false\n", refresh());
        assertEquals("own 1", sys.namespace());
    }

    @Test
    void afterAChangeTheHostIsCopiedAndNotTheStaleView() {
        spare.refresh();
        sys.mountTableChanges();
        assertEquals("poll 4 = true\npoll 4 = false\nsetns 3\nunshare\nslave\n", refresh());
        assertEquals("own 2", sys.namespace());
        assertEquals("poll 4 = false\n", refresh());
    }

    @Test
    void whereThereIsNoRoomNowThereMayBeRoomLater() {
        refuse("unshare", ENOSPC);
        assertEquals("host", sys.namespace());
        assertEquals("poll 4 = false\nunshare\nslave\n", refresh());
        assertEquals("own 1", sys.namespace());
    }

    @Test
    void noRoomForTheSecondCopyLeavesTheThreadOnTheHost() {
        spare.refresh();
        sys.mountTableChanges();
        refuse("unshare", ENOSPC);
        assertEquals("host", sys.namespace());
        assertEquals("poll 4 = false\nunshare\nslave\n", refresh());
    }

    /** Otherwise the next login's mounts would show on the host. */
    @Test
    void copyThatIsNotASlaveIsNeverUsed() {
        refuse("slave", Errno.EINVAL);
        assertEquals("own 1, shared with the host", sys.namespace());
        refresh();
        assertEquals("own 2", sys.namespace());
    }

    @Test
    void changeIsNotForgottenWhereTheWayBackFailed() {
        spare.refresh();
        sys.mountTableChanges();
        refuse("setns", Errno.EINVAL);
        assertTrue(
                refresh().contains("setns 3\nunshare\nslave\n"),
                sys.transcript().toString());
    }

    @Test
    void everyCallMayFailAndIsMadeUpForLater() {
        for (String call : List.of("mountinfo", "unshare", "slave")) {
            RecordingSyscalls kernel = new RecordingSyscalls();
            Fd namespace = kernel.namespaceOfThisThread();
            try (SpareView view = new SpareView(kernel, namespace)) {
                kernel.transcript().fail(call, 1, ENOSPC);
                assertThrows(SyscallException.class, view::refresh);
                view.refresh();
                assertTrue(kernel.namespace().matches("own [12]"), kernel.namespace());
            }
            namespace.close();
            kernel.assertClean();
        }
    }
}
