// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.jnsd.login.Turns.Asking;
import org.jns.jnsd.login.Turns.Pending;
import org.jns.jnsd.login.Turns.When;
import org.jns.linux.Fd;
import org.jns.wire.Request;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final long SECOND = 1_000_000_000L;
    /** The limit for all users together. */
    private static final int ROOM = 64;

    private long now = Long.MAX_VALUE;
    private final Turns turns = new Turns(() -> now);

    private static Pending login(String user) {
        return new Pending(
                new Fd(-1, number -> {}),
                new Request.Open(user, "sshd", ""),
                1,
                0,
                Optional.empty(),
                user.equals("root"));
    }

    private Pending begin(String user) {
        Pending login = login(user);
        assertEquals(When.NOW, turns.take(login), user);
        return login;
    }

    private When take(String user) {
        return turns.take(login(user));
    }

    private Optional<Pending> end(Pending login) {
        return turns.next(login, true);
    }

    @Test
    void oneOfAUserAtATimeAndTheNextByWhoServedIt() {
        Pending second = login("alice");
        Pending third = login("alice");
        Pending first = begin("alice");
        assertEquals(When.LATER, turns.take(second));
        assertEquals(When.LATER, turns.take(third));
        assertSame(second, end(first).orElseThrow());
        assertSame(third, end(second).orElseThrow());
        assertEquals(Optional.empty(), end(third));
        assertEquals(When.NOW, take("alice"));
    }

    @Test
    void othersDoNotWait() {
        begin("alice");
        Pending bobs = begin("bob");
        assertEquals(Optional.empty(), end(bobs));
        assertEquals(When.LATER, take("alice"));
    }

    @Test
    void besideOneThatTakesLongAFewGoOn() {
        List<Pending> served = new ArrayList<>();
        served.add(begin("alice"));
        now += 5 * SECOND;
        assertEquals(When.LATER, take("alice"));
        for (int i = 0; i < 3; i++) {
            now += 5 * SECOND + 1;
            served.add(begin("alice"));
            assertEquals(When.LATER, take("alice"));
        }
        now += 60 * SECOND;
        assertEquals(When.LATER, take("alice"));
        // A thread that finishes takes the waiting logins, oldest first, until no thread works.
        int waited = 0;
        for (Pending one : served) {
            for (Optional<Pending> next = end(one); next.isPresent(); next = end(next.get())) {
                waited++;
            }
        }
        assertEquals(5, waited);
        assertEquals(When.NOW, take("alice"));
    }

    @Test
    void aLoginThatWaitedHasItsOwnFiveSeconds() {
        Pending first = begin("alice");
        assertEquals(When.LATER, take("alice"));
        now += 4 * SECOND;
        end(first);
        now += 4 * SECOND;
        assertEquals(When.LATER, take("alice"));
    }

    @Test
    void thereIsAnEndToWaiting() {
        begin("alice");
        for (int i = 0; i < 1024; i++) {
            assertEquals(When.LATER, take("alice"));
        }
        assertEquals(When.NEVER, take("alice"));
        assertEquals(When.NOW, take("bob"));
    }

    private List<Pending> crowd() {
        List<Pending> crowd = new ArrayList<>();
        for (int i = 0; i < ROOM; i++) {
            crowd.add(begin("user" + i));
        }
        return crowd;
    }

    @Test
    @DisplayName("[B3] logins that hang take no room from others")
    void whatHangsTakesNoRoom() {
        List<Pending> crowd = crowd();
        Pending late = login("late");
        assertEquals(When.LATER, turns.take(late));
        assertEquals(Optional.empty(), turns.fromLine());
        turns.hangs(crowd.get(0));
        turns.hangs(crowd.get(0));
        assertSame(late, turns.fromLine().orElseThrow());
        assertEquals(When.LATER, take("later"));
        assertFalse(end(crowd.get(0)).isPresent(), "its room is another's by now");
        assertTrue(end(crowd.get(1)).isPresent());
    }

    @Test
    @DisplayName("[B3] root waits for nobody's room")
    void rootWaitsForNobody() {
        crowd();
        begin("root");
    }

    @Test
    @DisplayName("[B3] root's logins go on while other logins of root hang, however many")
    void rootGoesOnBesideWhatHangs() {
        for (int i = 0; i < 20; i++) {
            Pending one = begin("root");
            Pending next = login("root");
            assertEquals(When.LATER, turns.take(next));
            turns.hangs(one);
            assertSame(next, turns.fromLine().orElseThrow());
            turns.hangs(next);
        }
        for (int i = 0; i < 4; i++) {
            turns.hangs(begin("alice"));
        }
        assertEquals(When.LATER, take("alice"), "a user's are few");
    }

    /** It has no thread, and the others have used up the limit since. */
    @Test
    void rootIsNotBehindOthersInTheLine() {
        Pending one = begin("root");
        Pending next = login("root");
        assertEquals(When.LATER, turns.take(next));
        Pending another = begin("user0");
        for (int i = 1; i < ROOM - 1; i++) {
            begin("user" + i);
        }
        assertEquals(When.LATER, take("late"));
        turns.hangs(one);
        // Now one more may run, which is taken before root's turn comes.
        begin("soon");
        turns.alsoBy(another, Turns.Asking.NOBODY);
        assertSame(next, turns.fromLine().orElseThrow());
        assertEquals(Optional.empty(), turns.fromLine());
    }

    @Test
    @DisplayName("[B4] of two threads with one login, one answers it")
    void oneOfTwoAnswers() {
        Pending first = begin("alice");
        Pending waits = login("alice");
        assertEquals(When.LATER, turns.take(waits));
        turns.hangs(first);
        assertSame(waits, turns.fromLine().orElseThrow());
        turns.alsoBy(first, Asking.NOBODY);
        Pending second = turns.fromLine().orElseThrow();
        assertEquals(Asking.NOBODY, second.asking());
        assertTrue(second.claim());
        assertFalse(first.claim());
        assertEquals(Optional.empty(), end(second));
        assertEquals(Optional.empty(), end(waits));
        Pending next = begin("alice");
        assertEquals(Optional.empty(), turns.next(first, false), "the turn went on without it");
        assertEquals(Optional.empty(), end(next));
        assertEquals(When.NOW, take("alice"));
    }

    @Test
    void whoHasGivenUpIsForgotten() {
        List<Pending> crowd = crowd();
        Pending inLine = login("late");
        Pending late = login("late");
        Pending waiting = login("user0");
        List.of(inLine, late, waiting).forEach(one -> assertEquals(When.LATER, turns.take(one)));
        assertEquals(List.of(waiting, inLine), turns.forgetEnded(one -> one == inLine || one == waiting));
        assertEquals(Optional.empty(), turns.forgetEnded(one -> false).stream().findAny());
        assertSame(late, end(crowd.get(0)).orElseThrow());
        assertEquals(Optional.empty(), end(late));
    }

    @Test
    void aThreadThatEndsLeavesThoseThatWaitedForItToTheCaller() {
        Pending first = begin("alice");
        Pending second = login("alice");
        assertEquals(When.LATER, turns.take(second));
        assertEquals(List.of(second), turns.abandon(first));
        assertEquals(When.NOW, take("alice"));
    }
}
