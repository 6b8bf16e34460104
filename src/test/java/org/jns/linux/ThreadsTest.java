// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadsTest {

    /** Like the JVM if the kernel has no room for it. */
    private static Thread failing(String message) {
        return new Thread() {
            @Override
            public void start() {
                throw new OutOfMemoryError(message);
            }
        };
    }

    @Test
    void aThreadIsStarted() throws InterruptedException {
        boolean[] ran = new boolean[1];
        Thread thread = new Thread(() -> ran[0] = true);
        assertTrue(Threads.start(thread));
        thread.join();
        assertTrue(ran[0]);
    }

    @Test
    void aShortageOfThreadsIsNoError() {
        assertFalse(Threads.start(
                failing("unable to create native thread: possibly out of memory or process/resource limits reached")));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"Java heap space", "GC overhead limit exceeded"})
    void aHeapThatIsFullIs(String message) {
        assertThrows(OutOfMemoryError.class, () -> Threads.start(failing(message)));
    }
}
