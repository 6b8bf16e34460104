// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.views;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.state.View;
import org.junit.jupiter.api.Test;

class ResidentViewsTest {
    private final ResidentViews views = new ResidentViews();
    private final List<Integer> closed = new ArrayList<>();

    private static View view(String id, long namespace, String key) {
        return new View(id, "alice", 1001, namespace, key, List.of(), List.of(), List.of(), 0);
    }

    private Namespaces descriptor(int number) {
        return Namespaces.only(new Fd(number, closed::add));
    }

    @Test
    void sessionsJoinByKey() {
        assertEquals(Optional.empty(), views.join(1001, "k", "1"));
        views.add(view("a", 7, "k"), descriptor(3), "1");
        JoinableViews.JoinedView shared = views.join(1001, "k", "2").orElseThrow();
        assertEquals("a", shared.view().id());
        assertEquals(3, shared.namespaces().mounts().number());
        assertEquals(Optional.empty(), views.join(1001, "other", "3"));
    }

    @Test
    void nobodyJoinsAViewThatIsNotShared() {
        views.add(view("a", 7, ""), descriptor(3), "1");
        assertEquals(Optional.empty(), views.join(1001, "", "2"));
        assertTrue(views.of(7).isPresent());
        assertEquals(List.of(), closed, "the thread that has made it hands it over first");
        views.adopt(view("b", 8, ""), descriptor(4));
        assertTrue(views.of(8).isPresent());
        assertEquals(List.of(4), closed);
    }

    @Test
    void aViewThatIsNotWholeIsJoinedNoMore() {
        views.add(view("a", 7, "k"), descriptor(3), "1");
        views.excludeDamaged(views.join(1001, "k", "2").orElseThrow(), "2");
        assertEquals(Optional.empty(), views.join(1001, "k", "3"));
        assertTrue(views.of(7).isPresent(), "somebody is still in it");
        views.add(view("b", 8, "k"), descriptor(4), "3");
        assertEquals("b", views.join(1001, "k", "4").orElseThrow().view().id());
        views.leave("a", "1");
        assertTrue(views.retire("a", System.nanoTime()));
        assertTrue(views.join(1001, "k", "5").isPresent());
    }

    @Test
    void anotherViewOfTheKeyIsJoinedInstead() {
        views.add(view("whole", 8, "k"), descriptor(4), "1");
        views.adopt(view("broken", 7, "k"), descriptor(3));
        JoinableViews.JoinedView shared = views.join(1001, "k", "2").orElseThrow();
        assertEquals("broken", shared.view().id());
        views.excludeDamaged(shared, "2");
        assertEquals("whole", views.join(1001, "k", "2").orElseThrow().view().id());
    }

    @Test
    void aViewIsRetiredWhenItsLastSessionIsGone() {
        views.add(view("a", 7, "k"), descriptor(3), "1");
        views.join(1001, "k", "2");
        views.leave("a", "1");
        assertEquals(List.of(), views.idle());
        assertFalse(views.retire("a", System.nanoTime()));
        views.leave("a", "2");
        assertEquals(1, views.idle().size());
        assertTrue(views.retire("a", System.nanoTime()));
        assertEquals(List.of(3), closed);
        assertFalse(views.of(7).isPresent()
                || views.knows("a")
                || views.join(1001, "k", "3").isPresent());
        assertFalse(views.retire("a", System.nanoTime()));
    }

    /** Since the look at the processes, a session has come and gone, and may have left a process. */
    @Test
    void aViewThatWasUsedSinceTheLookStays() {
        views.add(view("a", 7, "k"), descriptor(3), "1");
        views.leave("a", "1");
        long look = System.nanoTime();
        views.join(1001, "k", "2");
        views.leave("a", "2");
        assertFalse(views.retire("a", look));
        assertTrue(views.retire("a", System.nanoTime()));
    }

    /** The process for which it was made may not be in it yet. */
    @Test
    void aViewThatAnotherHelperHasJustMadeIsJoinedAndNotRetired() {
        views.meet(view("a", 7, "k"), descriptor(3));
        views.meet(view("a", 7, "k"), descriptor(4));
        assertEquals(List.of(4), closed, "known already");
        assertTrue(views.join(1001, "k", "1").isPresent());
        views.leave("a", "1");
        assertFalse(views.retire("a", System.nanoTime()));
        assertTrue(views.retire("a", System.nanoTime() + 31_000_000_000L));
        assertEquals(List.of(4, 3), closed);
    }

    @Test
    void ofTwoViewsOfOneKeyTheNewerIsJoinedAndEachIsRetiredForItself() {
        views.adopt(view("a", 7, "k"), descriptor(3));
        views.adopt(view("b", 8, "k"), descriptor(4));
        views.adopt(view("b", 8, "k"), descriptor(5));
        assertEquals(List.of(5), closed, "known already");
        assertEquals("b", views.join(1001, "k", "1").orElseThrow().view().id());
        views.enter("a", "2");
        views.enter("unknown", "3");
        views.leave("a", "2");
        assertTrue(views.retire("a", System.nanoTime()));
        assertEquals("b", views.join(1001, "k", "4").orElseThrow().view().id());
        assertEquals(Map.of("b", 1001L), views.users());
        assertEquals(List.of("b"), views.forgetAll());
        assertEquals(List.of(5, 3, 4), closed);
    }
}
