// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.owners;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.jns.jnsd.login.Owner;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LinesOfUsersTest {

    @Test
    void nobodyTakesTheRoomOfOthers() {
        AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
        LinesOfUsers lines = new LinesOfUsers(time::get);
        int had = 0;
        for (int i = 0; i < 100; i++) {
            had += lines.hasRoom(new Owner(1001, 1001)) ? 1 : 0;
        }
        assertEquals(20, had);
        assertTrue(lines.hasRoom(new Owner(1002, 1002)));
        time.addAndGet(59_999_999_999L);
        assertFalse(lines.hasRoom(new Owner(1001, 1001)));
        time.addAndGet(1);
        assertTrue(lines.hasRoom(new Owner(1001, 1001)));
    }

    @Test
    @DisplayName("[B9] lines of subordinate uids are lines of the user's")
    void subordinateUidsAreCountedTogether() {
        LinesOfUsers lines = new LinesOfUsers(() -> 0);
        int had = 0;
        for (int i = 0; i < 100; i++) {
            had += lines.hasRoom(new Owner(100_000 + i, 1001)) ? 1 : 0;
        }
        assertEquals(20, had);
    }

    @Test
    void whoForgesALoginUidTakesNothingFromThatUser() {
        LinesOfUsers lines = new LinesOfUsers(() -> 0);
        int had = 0;
        for (int i = 0; i < 100; i++) {
            had += lines.hasRoom(new Owner(1002, 5000 + i)) ? 1 : 0;
            lines.hasRoom(new Owner(1002, 1001));
        }
        assertTrue(had <= 20, had + " lines");
        assertTrue(lines.hasRoom(new Owner(1001, 1001)));
    }
}
