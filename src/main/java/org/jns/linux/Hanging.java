// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.List;
import java.util.Set;

/**
 * The places where logins hang. One thread finds them; all threads ask.
 *
 * <p>Reasons: docs/decisions/23-hanging-logins.md
 */
public final class Hanging {
    /**
     * This limit leaves room for the threads that a burst adds before it is noticed, well below the limit of threads.
     */
    private static final int MOST = 256;

    private volatile List<Spot> spots = List.of();
    private volatile int all;

    /**
     * A place where logins hang.
     *
     * @param place a mount point, a single path, or {@link Progress#USERS}
     * @param alone whether only the place itself hangs, and nothing below it: automounters hang at one name and not at
     *     the next
     * @param mountedBelow mount points below the place, which are not part of it
     * @param logins how many hang there
     * @param isClosed whether no further login should try
     */
    public record Spot(String place, boolean alone, Set<String> mountedBelow, int logins, boolean isClosed) {

        boolean has(String what) {
            if (what.equals(place)) {
                return true;
            }
            if (alone || !what.startsWith(place.endsWith("/") ? place : place + "/")) {
                return false;
            }
            for (int end = what.length(); end > place.length(); end = what.lastIndexOf('/', end - 1)) {
                if (mountedBelow.contains(what.substring(0, end))) {
                    return false;
                }
            }
            return true;
        }

        private String words() {
            String who = place.equals(Progress.USERS) ? place : "the file system at " + place;
            return who + " does not answer: " + logins + (logins == 1 ? " login hangs there" : " logins hang there");
        }
    }

    /** @param now all current places */
    public void set(List<Spot> now) {
        int logins = 0;
        for (Spot spot : now) {
            logins += spot.logins();
        }
        all = logins;
        spots = List.copyOf(now);
    }

    public List<Spot> spots() {
        return spots;
    }

    /** How many logins hang, anywhere. */
    public int logins() {
        return all;
    }

    /** Whether a login hangs while it asks for that. */
    public boolean isAt(String what) {
        for (Spot spot : spots) {
            if (spot.has(what)) {
                return true;
            }
        }
        return false;
    }

    /** @throws NotAnswering if nobody should ask for that now */
    void check(String what, boolean urgent) {
        List<Spot> now = spots;
        if (now.isEmpty()) {
            return;
        }
        for (Spot spot : now) {
            if ((urgent || spot.isClosed()) && spot.has(what)) {
                throw new NotAnswering(what, spot.words());
            }
        }
        if (all >= MOST && !urgent) {
            throw new NotAnswering(
                    what,
                    all + " logins hang already, the most of them at "
                            + busiest(now).place());
        }
    }

    private static Spot busiest(List<Spot> spots) {
        Spot most = spots.get(0);
        for (Spot spot : spots) {
            most = spot.logins() > most.logins() ? spot : most;
        }
        return most;
    }
}
