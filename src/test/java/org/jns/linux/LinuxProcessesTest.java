// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LinuxProcessesTest {
    private final LinuxSyscalls sys = new LinuxSyscalls(LinuxSyscalls.openProc());

    private static Process start(String... command) throws Exception {
        return new ProcessBuilder(command).start();
    }

    @Test
    void aProcessIsToldToEndAndWaitedFor() throws Exception {
        Process child = start("sleep", "60");
        try (Fd handle = sys.process((int) child.pid()).orElseThrow()) {
            assertFalse(sys.awaitEnd(handle, 0));
            assertFalse(sys.awaitEnd(handle, 10));
            sys.signal(handle, Processes.SIGTERM);
            assertTrue(sys.awaitEnd(handle, 10_000));
            assertEquals(128 + Processes.SIGTERM, child.waitFor());
            // The JVM has reaped it: no process is left.
            sys.signal(handle, Processes.SIGKILL);
        }
    }

    @Test
    void theSignalThatNobodyIgnoresEndsIt() throws Exception {
        Process child = start("/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done");
        assertEquals('r', child.getInputStream().read());
        try (Fd handle = sys.process((int) child.pid()).orElseThrow()) {
            sys.signal(handle, Processes.SIGTERM);
            assertFalse(sys.awaitEnd(handle, 200));
            sys.signal(handle, Processes.SIGKILL);
            assertTrue(sys.awaitEnd(handle, 10_000));
        }
    }
}
