// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.jns.model.AbsPath;
import org.jns.model.Origin;
import org.jns.model.Position;
import org.jns.model.Step;
import org.jns.plan.InMemory;
import org.jns.state.Pins;
import org.jns.state.View;
import org.junit.jupiter.api.Test;

class HandingOnTest {
    private static InMemory.Part part(String path) {
        Origin origin = new Origin("rule", new Position("x.conf", 1, 1));
        return new InMemory.Part(
                new Step.MakeMountPoint(origin, AbsPath.of(path), true, new Step.Ownership(0755, 0, 0)), path);
    }

    private static View view(int number, String... memory) {
        return new View(
                "1001." + number,
                "alice",
                1001,
                number,
                "k",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(memory),
                0);
    }

    /** A user who kills a volume's program and logs in again, over and over, has that many views. */
    @Test
    void aLoginLooksAtAFewPlacesHoweverManyViewsThereAre() {
        List<View> views = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            views.add(view(i, "/tmp", "/var/tmp"));
        }
        views.add(view(1_000, "/srv"));
        List<InMemory.Part> found = new ArrayList<>();
        List<Pins.Place> places = new ArrayList<>();
        List<InMemory.Part> parts = List.of(part("/var/tmp"), part("/srv"), part("/none"));
        HandingOn.find(views, parts, found, places);
        List<Pins.Place> expected = new ArrayList<>();
        List<InMemory.Part> expectedParts = new ArrayList<>();
        for (int i = 0; i < HandingOn.MOST_PLACES; i++) {
            expected.add(new Pins.Place("1001." + i, 1));
            expectedParts.add(parts.get(0));
        }
        expected.add(new Pins.Place("1001.1000", 0));
        expectedParts.add(parts.get(1));
        assertEquals(expected, places);
        assertEquals(expectedParts, found);
    }
}
