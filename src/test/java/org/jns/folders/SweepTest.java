// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.Fd;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepTest {
    private static final String OWN = "/lib/1000/";
    private static final String SESSION = "000000000000000a";

    private final RecordingSyscalls sys = new RecordingSyscalls();
    private final Map<String, Long> sessions = new HashMap<>();
    private final Sweep sweep = new Sweep(sys, AbsPath.of("/lib"), sys::clock, () -> sessions, () -> false);

    @BeforeEach
    void prepare() {
        sys.directory("/proc", 0555, 0, 0)
                .directory("/lib", 0700, 0, 0)
                .directory("/lib/1000", 0700, 0, 0)
                .link(OWN + "owner", 0, "alice");
        sys.directory(OWN + "tmp", 01777, 0, 0).file(OWN + "tmp/secret", 0600, 1000, "x");
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private Sweep.Result look(Long... leaving) {
        sys.transcript().clear();
        return sweep.look(sweep.users(), Set.of(leaving), Set.of());
    }

    private Fd own() {
        return sys.open(Optional.empty(), "/lib/1000", OpenAs.DIRECTORY, Walk.NO_LINKS);
    }

    private void process(long uid) {
        sys.directory("/proc/7", 0555, 0, 0)
                .directory("/proc/7/ns", 0511, 0, 0)
                .link("/proc/7/ns/mnt", 0, "mnt:[7]")
                .file("/proc/7/mountinfo", 0444, 0, "");
        sys.link("/proc/7/root", 0, "/");
        sys.file("/proc/7/status", 0444, 0, "State:\tS\nPPid:\t1\nUid:\t" + uid + "\t0\t0\t0\nThreads:\t1\n");
    }

    private void later(long seconds) {
        sys.time(sys.time() + seconds);
    }

    @Test
    void onlyUsersNumbersAreUsers() {
        sys.directory("/lib/.gone", 0700, 0, 0)
                .directory("/lib/aside-1000-1", 0700, 0, 0)
                .directory("/lib/last-good-rules", 0700, 0, 0);
        assertEquals(List.of(1000L), sweep.users());
    }

    @Test
    void whatHasNoRecordIsNotEvenThoughtAbout() {
        assertEquals(new Sweep.Result(List.of(), Set.of(), List.of()), look());
        assertFalse(sys.transcript().toString().contains("/proc"));
    }

    @Test
    void whatHasEndedIsPutAsideWithItsRecord() {
        sys.link(OWN + ".keep-tmp", 0, "logout");
        later(100);
        assertEquals(new Sweep.Result(List.of("uid 1000: tmp, kept until logout"), Set.of(), List.of()), look());
        assertEquals(
                """
                open 3/1000 DIRECTORY INSIDE = 4
                open 3/.gone DIRECTORY INSIDE = ENOENT
                mkdir 3/.gone 0700
                open 3/.gone DIRECTORY INSIDE = 5
                lock 4 alone = true
                times 4/.keep-tmp
                readlink 4/.keep-tmp = logout
                move 4/tmp 5/*
                unlink 4/.used-tmp = ENOENT
                unlink 4/.keep-tmp
                close 5
                close 4
                close 3
                """,
                sys.transcript()
                        .toString()
                        .replaceAll("(times 4/.keep-tmp) = .*", "$1")
                        .replaceFirst("(?s).*close 4\n(?=open 3/1000 DIRECTORY INSIDE = 4\nopen 3/.gone)", ""));
        assertEquals(List.of("owner"), sys.names("/lib/1000"));
        assertEquals(1, sys.names("/lib/.gone").size());
    }

    @Test
    void aLoginThatIsBuildingItsViewComesFirst() {
        sys.link(OWN + ".keep-tmp", 0, "logout");
        later(100);
        sys.lock("/lib/1000");
        assertEquals(new Sweep.Result(List.of(), Set.of(1000L), List.of()), look());
        assertEquals(List.of(".keep-tmp", "owner", "tmp"), sys.names("/lib/1000"));
        sys.unlock("/lib/1000");
        assertEquals(1, look().ended().size());
    }

    @Test
    void aLoginBetweenTheLookAndTheMoveComesFirst() {
        sys.link(OWN + ".keep-tmp", 0, "logout");
        later(100);
        sys.transcript().meanwhile("lock", 1, () -> sys.link(OWN + ".keep-tmp", 0, "logout"));
        assertEquals(new Sweep.Result(List.of(), Set.of(1000L), List.of()), look());
        assertEquals(List.of("secret"), sys.names(OWN + "tmp"));
    }

    @Test
    void aRuleThatChangesMeanwhileComesFirst() {
        sys.link(OWN + ".keep-tmp", 0, "logout");
        later(100);
        sys.transcript().meanwhile("lock", 1, () -> {
            long now = sys.time();
            sys.time(1_000_000);
            sys.link(OWN + ".keep-tmp", 0, "forever");
            sys.time(now);
        });
        assertEquals(List.of(), look().ended());
        assertEquals(List.of("secret"), sys.names(OWN + "tmp"));
    }

    @Test
    void aProcessThatIsLeftDelaysIt() {
        sys.link(OWN + ".keep-tmp", 0, "logout");
        later(100);
        process(1000);
        assertEquals(new Sweep.Result(List.of(), Set.of(1000L), List.of()), look());
    }

    @Test
    void anOpenSessionIsNotAskedAboutAgain() {
        sys.link(OWN + ".keep-tmp", 0, "logout").directory(OWN + ".session-" + SESSION + "-x", 0700, 0, 0);
        later(100);
        sessions.put(SESSION, 1000L);
        process(1000);
        assertEquals(new Sweep.Result(List.of(), Set.of(), List.of()), look());
    }

    @Test
    void aSessionsFolderGoesAndTheUsersStays() {
        sys.link(OWN + ".keep-tmp", 0, "logout").directory(OWN + ".session-" + SESSION + "-x", 0700, 0, 0);
        later(100);
        sessions.put("000000000000000b", 1000L);
        assertEquals(List.of("uid 1000: x, kept until its session ended"), look().ended());
        assertEquals(List.of(".keep-tmp", "owner", "tmp"), sys.names("/lib/1000"));
    }

    @Test
    void anotherBootsFolderGoesAndThisBootsStays() {
        String now = "0".repeat(32);
        sys.directory(OWN + ".boot-" + now + "-x", 0700, 0, 0)
                .directory(OWN + ".boot-" + "1".repeat(32) + "-x", 0700, 0, 0);
        assertEquals(List.of("uid 1000: x, kept until the machine started again"), look().ended());
        assertEquals(List.of(".boot-" + now + "-x", "owner", "tmp"), sys.names("/lib/1000"));
    }

    @Test
    void aTimeBeginsAnewWhenASessionEnds() {
        sys.link(OWN + ".keep-tmp", 0, "1h");
        later(4000);
        assertEquals(List.of(), look(1000L).ended());
        later(3599);
        assertEquals(List.of(), look().ended());
        later(1);
        assertEquals(List.of("uid 1000: tmp, kept for 1h after its last use"), look().ended());
    }

    /** [C5] */
    @ParameterizedTest
    @ValueSource(longs = {0, 10, 1_000_000_000, 4_000_000_000L})
    void noClockThatIsSetEndsATimeOrKeepsIt(long clock) {
        sys.link(OWN + ".keep-tmp", 0, "1h");
        later(10);
        look(1000L);
        later(1800);
        sys.setClock(clock);
        assertEquals(List.of(), look().ended());
        later(1799);
        assertEquals(List.of(), look().ended());
        later(1);
        assertEquals(1, look().ended().size());
    }

    /** [C5] A login that no daemon has seen, at a wrong wall-clock time. */
    @Test
    void aLoginWhileTheClockIsWrongIsAUse() {
        sys.link(OWN + ".keep-tmp", 0, "1h");
        look(1000L);
        later(3000);
        sys.setClock(0);
        sys.link(OWN + ".keep-tmp", 0, "1h");
        later(3000);
        assertEquals(List.of(), look().ended());
        later(3599);
        assertEquals(List.of(), look().ended());
        later(1);
        assertEquals(1, look().ended().size());
    }

    /** [C5] */
    @Test
    void aMachineThatIsOffCountsNoTime() {
        sys.link(OWN + ".keep-tmp", 0, "1h");
        look(1000L);
        later(1800);
        look();
        sys.boot("1".repeat(32));
        sys.setClock(sys.clock() + 1_000_000);
        sys.time(60);
        assertEquals(List.of(), look().ended());
        sys.time(1799);
        assertEquals(List.of(), look().ended());
        sys.time(1800);
        assertEquals(1, look().ended().size());
    }

    /** [C5] */
    @Test
    void aTimeThatWasLostBeginsAgain() {
        sys.link(OWN + ".keep-tmp", 0, "1h");
        look(1000L);
        later(3000);
        look(1000L);
        sys.link("/lib/.time", 0, "nonsense");
        assertEquals(List.of(), look().ended());
        later(3599);
        assertEquals(List.of(), look().ended());
        later(1);
        assertEquals(1, look().ended().size());
    }

    /** An earlier version of jns reads a wall-clock time in the record, which must not be fifty years ago. */
    @Test
    void anEarlierVersionFindsTheTimeOfTheLastUse() {
        sys.link(OWN + ".keep-tmp", 0, "1h");
        later(4000);
        look(1000L);
        try (Fd own = own()) {
            assertEquals(sys.clock(), sys.times(own, ".keep-tmp").content().seconds());
        }
    }

    /** A restored backup has all its times except the one that nobody can set. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFolderThatWasBroughtBackIsUsedNow(boolean withItsUse) {
        sys.link(OWN + ".keep-tmp", 0, "1h");
        look(1000L);
        String use;
        try (Fd own = own()) {
            use = sys.readLink(own, ".used-tmp");
        }
        later(3600);
        assertEquals(1, look().ended().size());
        assertEquals(List.of("owner"), sys.names("/lib/1000"));
        later(3600);
        sys.directory(OWN + "tmp", 01777, 0, 0).link(OWN + ".keep-tmp", 0, "1h");
        if (withItsUse) {
            sys.link(OWN + ".used-tmp", 0, use);
        }
        assertEquals(List.of(), look().ended());
        later(3599);
        assertEquals(List.of(), look().ended());
        later(1);
        assertEquals(1, look().ended().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1", "99999999999999999999 1.0 2.0", "-5 1.0 2.0", " "})
    void aUseThatIsNotUnderstoodIsUsedNow(String text) {
        sys.link(OWN + ".keep-tmp", 0, "1h").link(OWN + ".used-tmp", 0, text);
        later(1_000_000);
        assertEquals(List.of(), look().ended());
    }

    @Test
    void aTimeThatCannotBeWrittenKeepsWhatThereIs() {
        sys.link(OWN + ".keep-tmp", 0, "1h");
        sys.transcript().fail("replace", 1, 28);
        Sweep.Result result = look(1000L);
        assertEquals(1, result.failed().size());
        assertEquals(List.of("1000"), sys.names("/lib"));
    }

    @Test
    void aRecordOfNothingIsRemoved() {
        sys.link(OWN + ".keep-gone", 0, "logout").directory("/lib/.gone", 0700, 0, 0);
        later(100);
        look();
        assertEquals(List.of("owner", "tmp"), sys.names("/lib/1000"));
    }

    @Test
    void aRecordThatIsNotUnderstoodRemovesNothing() {
        sys.link(OWN + ".keep-tmp", 0, "until-doomsday");
        later(1_000_000);
        assertEquals(new Sweep.Result(List.of(), Set.of(), List.of()), look());
        assertEquals(List.of("secret"), sys.names(OWN + "tmp"));
    }

    @Test
    void whatWasPutAsideIsRemoved() {
        sys.directory("/lib/.gone", 0700, 0, 0).directory("/lib/.gone/1", 0700, 0, 0);
        while (sweep.remove(10)) {
            assertEquals(List.of(), sweep.complaints());
        }
        assertEquals(List.of(), sys.names("/lib/.gone"));
        assertEquals(List.of("secret"), sys.names(OWN + "tmp"));
    }

    @Test
    void whatWasBegunAndNotFinishedIsPutAside() {
        sys.directory("/lib/.new-1", 0700, 0, 0)
                .directory("/lib/aside-1000-1", 0700, 0, 0)
                .directory("/lib/aside-1000-1/.new-2", 0700, 0, 0);
        sys.directory(OWN + ".new-3", 01777, 0, 0)
                .file(OWN + ".new-3/skel", 0600, 0, "x")
                .link(OWN + ".new-4", 0, "logout");
        sweep.tidy();
        assertEquals(List.of(".gone", "1000", "aside-1000-1"), sys.names("/lib"));
        assertEquals(List.of(), sys.names("/lib/aside-1000-1"));
        assertEquals(List.of("owner", "tmp"), sys.names("/lib/1000"));
        assertEquals(4, sys.names("/lib/.gone").size());
    }

    @Test
    void whatIsBeingMadeIsLeftAlone() {
        sys.directory("/lib/.new-1", 0700, 0, 0)
                .directory(OWN + ".new-3", 01777, 0, 0)
                .directory("/lib/999", 0700, 0, 0)
                .directory("/lib/999/.new-5", 0700, 0, 0);
        sys.lock("/lib");
        sys.lock("/lib/1000");
        sweep.tidy();
        assertEquals(List.of(".gone", ".new-1", "1000", "999"), sys.names("/lib"));
        assertEquals(List.of(".new-3", "owner", "tmp"), sys.names("/lib/1000"));
        assertEquals(List.of(), sys.names("/lib/999"));
    }

    @Test
    void oneUsersTroubleIsNotAnothersAmongDrafts() {
        sys.directory("/lib/999", 0700, 0, 0)
                .mount("/lib/999", org.jns.model.MountFlags.NONE, 1)
                .directory(OWN + ".new-3", 01777, 0, 0);
        sweep.tidy();
        assertEquals(List.of("owner", "tmp"), sys.names("/lib/1000"));
    }

    @Test
    void oneUsersTroubleIsNotAnothers() {
        sys.directory("/lib/999", 0700, 0, 0)
                .mount("/lib/999", org.jns.model.MountFlags.NONE, 1)
                .link(OWN + ".keep-tmp", 0, "logout");
        later(100);
        Sweep.Result result = look();
        assertEquals(List.of("uid 1000: tmp, kept until logout"), result.ended());
        assertEquals(
                List.of("cannot look after private folders of uid 999: Invalid cross-device link (openat2 999)"),
                result.failed());
    }
}
