// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Optional;
import org.jns.daemon.login.Turns.Pending;
import org.jns.daemon.login.Turns.Place;
import org.jns.sys.Fd;
import org.jns.wire.Request;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final long SECOND = 1_000_000_000L;

    private long now = Long.MAX_VALUE;
    private final Turns turns = new Turns(() -> now);

    private static Pending login(String user) {
        return new Pending(new Fd(-1, number -> {}), new Request.Open(user, "sshd", ""), 1, 0, Optional.empty());
    }

    private Place take(String user) {
        return turns.take(login(user));
    }

    @Test
    void oneOfAUserAtATimeAndTheNextByWhoServedIt() {
        Pending second = login("alice");
        Pending third = login("alice");
        assertEquals(Place.NOW, take("alice"));
        assertEquals(Place.LATER, turns.take(second));
        assertEquals(Place.LATER, turns.take(third));
        assertSame(second, turns.next("alice").orElseThrow());
        assertSame(third, turns.next("alice").orElseThrow());
        assertEquals(Optional.empty(), turns.next("alice"));
        assertEquals(Place.NOW, take("alice"));
    }

    @Test
    void othersDoNotWait() {
        assertEquals(Place.NOW, take("alice"));
        assertEquals(Place.NOW, take("bob"));
        assertEquals(Optional.empty(), turns.next("bob"));
        assertEquals(Place.LATER, take("alice"));
    }

    @Test
    void besideOneThatTakesLongAFewGoOn() {
        assertEquals(Place.NOW, take("alice"));
        now += 5 * SECOND;
        assertEquals(Place.LATER, take("alice"));
        for (int i = 0; i < 3; i++) {
            now += 5 * SECOND + 1;
            assertEquals(Place.NOW, take("alice"));
            assertEquals(Place.LATER, take("alice"));
        }
        now += 60 * SECOND;
        assertEquals(Place.LATER, take("alice"));
        // Whoever comes to an end goes on with those that wait, oldest first, and then nobody is at work any more.
        int waited = 0;
        for (int atWork = 4; atWork > 0; atWork--) {
            while (turns.next("alice").isPresent()) {
                waited++;
            }
        }
        assertEquals(5, waited);
        assertEquals(Place.NOW, take("alice"));
    }

    @Test
    void aLoginThatWaitedHasItsOwnFiveSeconds() {
        assertEquals(Place.NOW, take("alice"));
        assertEquals(Place.LATER, take("alice"));
        now += 4 * SECOND;
        turns.next("alice");
        now += 4 * SECOND;
        assertEquals(Place.LATER, take("alice"));
    }

    @Test
    void thereIsAnEndToWaiting() {
        assertEquals(Place.NOW, take("alice"));
        for (int i = 0; i < 1024; i++) {
            assertEquals(Place.LATER, take("alice"));
        }
        assertEquals(Place.NONE, take("alice"));
        assertEquals(Place.NOW, take("bob"));
    }
}
