// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LinesOfUsersTest {

    @Test
    void nobodyTakesTheRoomOfOthers() {
        AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
        LinesOfUsers lines = new LinesOfUsers(time::get);
        int had = 0;
        for (int i = 0; i < 100; i++) {
            had += lines.hasRoom(1001) ? 1 : 0;
        }
        assertEquals(20, had);
        assertTrue(lines.hasRoom(1002));
        time.addAndGet(59_999_999_999L);
        assertFalse(lines.hasRoom(1001));
        time.addAndGet(1);
        assertTrue(lines.hasRoom(1001));
    }
}
