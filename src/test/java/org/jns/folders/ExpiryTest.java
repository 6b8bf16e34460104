// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.jns.folders.Expiry.State.ENDED;
import static org.jns.folders.Expiry.State.LATER;
import static org.jns.folders.Expiry.State.STAYS;
import static org.jns.folders.Expiry.State.USED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jns.folders.Expiry.PrivateFolder;
import org.jns.folders.Expiry.State;
import org.jns.folders.Expiry.World;
import org.jns.linux.Syscalls;
import org.jns.model.Lifetime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryTest {
    private static final long ALICE = 1000;
    private static final long BOB = 1001;
    private static final long NOW = 1_000_000;
    private static final long OWN = 50_000;
    private static final long LONG_AGO = NOW - 3600;
    private static final String THIS_BOOT = "1".repeat(32);
    private static final String OTHER_BOOT = "2".repeat(32);
    private static final String MINE = "000000000000000a";
    private static final InUse NOTHING = new InUse(Set.of(), Set.of(), Set.of(), Set.of(), List.of());

    private Map<String, Long> sessions = Map.of();
    private Set<Long> leaving = Set.of();
    private boolean isSteady = true;
    private InUse inUse = NOTHING;

    private State of(FolderName name, Lifetime lifetime, long changed) {
        return of(name, lifetime, changed, Optional.empty());
    }

    private State of(FolderName name, Lifetime lifetime, long changed, Optional<Long> used) {
        return Expiry.of(new PrivateFolder(ALICE, name, Optional.of(lifetime), times(changed), used), world());
    }

    private static Syscalls.Times times(long changed) {
        return new Syscalls.Times(new Syscalls.Time(changed, 7), new Syscalls.Time(NOW, 7));
    }

    private World world() {
        return new World(
                NOW, isSteady, OWN, THIS_BOOT, sessions.keySet(), Set.copyOf(sessions.values()), leaving, inUse);
    }

    private State logout() {
        return of(FolderName.user("tmp"), Lifetime.LOGOUT, LONG_AGO);
    }

    private State unused(long since) {
        return of(FolderName.user("tmp"), Lifetime.unused(3600), LONG_AGO, Optional.of(OWN - since));
    }

    private State session() {
        return of(FolderName.session(MINE, "tmp"), Lifetime.SESSION, LONG_AGO);
    }

    @Test
    void whatIsKeptForEverStays() {
        assertEquals(STAYS, of(FolderName.user("tmp"), Lifetime.FOREVER, 0));
    }

    @Test
    void aRecordThatCannotBeReadRemovesNothing() {
        assertEquals(
                STAYS,
                Expiry.of(
                        new PrivateFolder(ALICE, FolderName.user("tmp"), Optional.empty(), times(0), Optional.empty()),
                        world()));
    }

    @Test
    void whatIsOfThisBootStaysAndOfAnotherEnds() {
        assertEquals(STAYS, of(FolderName.boot(THIS_BOOT, "tmp"), Lifetime.BOOT, LONG_AGO));
        assertEquals(ENDED, of(FolderName.boot(OTHER_BOOT, "tmp"), Lifetime.BOOT, NOW));
    }

    @Test
    void logoutEndsWhenNobodyIsLeft() {
        assertEquals(ENDED, logout());
    }

    @Test
    void logoutStaysWhileASessionIsOpen() {
        sessions = Map.of(MINE, ALICE);
        assertEquals(STAYS, logout());
    }

    @Test
    void anotherUsersSessionsAndProcessesDoNotMatter() {
        sessions = Map.of(MINE, BOB);
        inUse = new InUse(Set.of(BOB, 0L), Set.of(BOB + "/tmp", ALICE + "/var-tmp"), Set.of(), Set.of(), List.of());
        assertEquals(ENDED, logout());
    }

    @Test
    void logoutWaitsForTheLastProcess() {
        inUse = new InUse(Set.of(ALICE), Set.of(), Set.of(), Set.of(), List.of());
        assertEquals(LATER, logout());
    }

    @Test
    void logoutWaitsForOthersInTheView() {
        inUse = new InUse(Set.of(), Set.of(ALICE + "/tmp"), Set.of(), Set.of(), List.of());
        assertEquals(LATER, logout());
    }

    @Test
    void logoutWaitsIfNotEverythingIsKnown() {
        inUse = new InUse(
                Set.of(), Set.of(), Set.of(), Set.of(), List.of(new InUse.Doubt(OptionalLong.empty(), 7, "x")));
        assertEquals(LATER, logout());
        assertEquals(LATER, session());
        assertEquals(USED, unused(7200));
    }

    /** [B2] */
    @Test
    void aDoubtAboutOneUserIsNoDoubtAboutAnother() {
        inUse = new InUse(
                Set.of(), Set.of(), Set.of(), Set.of(), List.of(new InUse.Doubt(OptionalLong.of(BOB), 7, "x")));
        assertEquals(ENDED, logout());
        inUse = new InUse(
                Set.of(), Set.of(), Set.of(), Set.of(), List.of(new InUse.Doubt(OptionalLong.of(ALICE), 7, "x")));
        assertEquals(LATER, logout());
    }

    @ParameterizedTest
    @CsvSource({"0, LATER", "9, LATER", "10, ENDED", "-9, LATER", "-10, ENDED", "-100000, ENDED"})
    void aLoginOfThisMomentCountsAsASession(long ago, State expected) {
        assertEquals(expected, of(FolderName.user("tmp"), Lifetime.LOGOUT, NOW - ago));
        assertEquals(expected, of(FolderName.session(MINE, "tmp"), Lifetime.SESSION, NOW - ago));
    }

    @ParameterizedTest
    @CsvSource({"0, STAYS", "3599, STAYS", "3600, ENDED", "-5, USED"})
    void aTimeEndsWhenItIsOver(long since, State expected) {
        assertEquals(expected, unused(since));
    }

    /** [C5] A login's wall-clock time is no age. */
    @ParameterizedTest
    @ValueSource(longs = {0, NOW - 7200, NOW, 2 * NOW})
    void aLoginSinceTheLastLookIsAUseWhateverTheClockSaid(long clock) {
        assertEquals(USED, of(FolderName.user("tmp"), Lifetime.unused(3600), clock));
    }

    /** [C5] */
    @Test
    void whileTheClockIsBeingSetNothingIsLongAgo() {
        isSteady = false;
        assertEquals(LATER, logout());
        assertEquals(LATER, session());
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "process", "view", "leaving"})
    void aTimeBeginsWhenTheLastUseEnds(String use) {
        sessions = use.equals("session") ? Map.of(MINE, ALICE) : Map.of();
        leaving = use.equals("leaving") ? Set.of(ALICE) : Set.of();
        inUse = new InUse(
                use.equals("process") ? Set.of(ALICE) : Set.of(),
                use.equals("view") ? Set.of(ALICE + "/tmp") : Set.of(),
                Set.of(),
                Set.of(),
                List.of());
        assertEquals(USED, unused(7200));
    }

    @Test
    void aSessionsFolderEndsWithIt() {
        sessions = Map.of("000000000000000b", ALICE);
        inUse = new InUse(
                Set.of(ALICE), Set.of(ALICE + "/.session-000000000000000b-tmp"), Set.of(), Set.of(), List.of());
        assertEquals(ENDED, session());
    }

    @Test
    void aSessionsFolderStaysWhileItIsOpen() {
        sessions = Map.of(MINE, ALICE);
        assertEquals(STAYS, session());
    }

    @Test
    void aSessionsFolderWaitsForWhoIsLeftInItsView() {
        inUse = new InUse(Set.of(), Set.of(ALICE + "/.session-" + MINE + "-tmp"), Set.of(), Set.of(), List.of());
        assertEquals(LATER, session());
    }

    /**
     * Every order in which four sessions can begin and end, 7 * 5 * 3 of them: the folder ends only after the last of
     * those that began.
     */
    @Test
    void onlyTheLastSessionOutEndsAnything() {
        int[] orders = {0};
        play(new ArrayList<>(), new HashMap<>(), 4, orders);
        assertEquals(105, orders[0]);
    }

    private void play(List<String> closed, Map<String, Long> open, int toBegin, int[] orders) {
        if (toBegin + open.size() < 4 || !open.isEmpty()) {
            sessions = open;
            assertEquals(open.isEmpty() ? ENDED : STAYS, logout(), "open " + open.keySet() + ", closed " + closed);
            for (String id : closed) {
                assertEquals(ENDED, of(FolderName.session(id, "tmp"), Lifetime.SESSION, LONG_AGO));
            }
        }
        if (toBegin == 0 && open.isEmpty()) {
            orders[0]++;
        }
        // Only the end makes a difference, because the sessions are alike.
        if (toBegin > 0) {
            Map<String, Long> more = new HashMap<>(open);
            more.put("000000000000000" + toBegin, ALICE);
            play(closed, more, toBegin - 1, orders);
        }
        for (String id : Collections.unmodifiableSet(open.keySet())) {
            Map<String, Long> fewer = new HashMap<>(open);
            fewer.remove(id);
            List<String> ends = new ArrayList<>(closed);
            ends.add(id);
            play(ends, fewer, toBegin, orders);
        }
    }
}
