// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.linux.Errno;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.AbsPath;
import org.jns.model.Lifetime;
import org.jns.model.MountFlags;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverlaysTest {
    private static final String KEPT = "/instances/1000/opt";

    private final Bench bench = new Bench();
    private final RecordingSyscalls sys = bench.sys;

    @BeforeEach
    void prepare() {
        sys.directory("/opt", 0755, 0, 0).directory("/more", 0755, 0, 0);
    }

    private static Step overlay(Optional<String> key) {
        return new Step.Overlay(
                Bench.ORIGIN,
                AbsPath.of("/opt"),
                List.of(AbsPath.of("/more"), AbsPath.of("/opt")),
                key,
                new Ownership(0750, 0, 50),
                OptionalLong.of(8192),
                OptionalLong.empty(),
                MountFlags.NOSUID);
    }

    private static Step kept() {
        return overlay(Optional.of("opt"));
    }

    private static Step keptFor(Lifetime lifetime) {
        Step.Overlay s = (Step.Overlay) kept();
        return new Step.Overlay(
                s.origin(), s.onto(), s.lower(), s.key(), s.ownership(), s.size(), s.inodes(), s.flags(), lifetime);
    }

    private void applied(Outcome outcome) {
        assertTrue(
                outcome instanceof Outcome.Applied applied
                        && applied.mounts() == 1
                        && applied.warnings().isEmpty(),
                outcome + "\n" + sys.transcript());
        ((Outcome.Applied) outcome).namespace().close();
        sys.assertClean();
    }

    private String failed(Outcome outcome) {
        assertTrue(outcome instanceof Outcome.Failed, outcome + "\n" + sys.transcript());
        sys.assertClean();
        return ((Outcome.Failed) outcome).why();
    }

    @Test
    void changesThatAreThrownAwayAreInATmpfsThatNobodySees() {
        applied(bench.execute(overlay(Optional.empty())));
        assertEquals(
                """
                open 4/. DIRECTORY INSIDE = 3
                open 5/. DIRECTORY INSIDE = 6
                tmpfs {mode=700, size=8192} = 7
                open /hidden/dir PATH NO_LINKS = 8
                attach 7 on 8
                close 8
                mkdir 7/upper 0700
                mkdir 7/work 0700
                open 7/upper DIRECTORY INSIDE = 8
                chown 8 0:50
                chmod 8 0750
                close 8
                overlay [3, 6] under 7/upper, work in work {index=off, metacopy=off} nosuid = 8
                detach /hidden/dir
                close 7
                close 3
                close 6
                attach 8 on 5
                namespace = 3
                """,
                sys.transcript().toString().replaceAll("(?s)(namespace = 3\\n).*", "$1"));
        assertEquals("folder 0750 0:50", sys.describe("/opt"));
        assertEquals(List.of(), sys.names("/hidden/dir"), "the tmpfs is gone from the view");
    }

    @Test
    void changesThatAreKeptAreInRootsOwnFolder() {
        applied(bench.execute(kept()));
        assertEquals("folder 0700 0:0", sys.describe(KEPT));
        assertEquals(List.of("nothing", "probe", "upper", "work"), sys.names(KEPT));
        assertEquals("folder 0750 0:50", sys.describe(KEPT + "/upper"));
        assertEquals("folder 0700 0:0", sys.describe(KEPT + "/work/0"));
        String first = sys.transcript().toString();
        assertTrue(first.indexOf("flock") < first.indexOf("\noverlay"), first);
        List<String> overlays = first.lines()
                .filter(line -> line.startsWith("overlay"))
                .map(line -> line.replaceAll("(\\[|, ?| |= )[0-9]+(?=[]/,]|$)", "$1N"))
                .toList();
        assertEquals(
                List.of(
                        "overlay [N] under N/probe, work in work/0 {index=on, metacopy=off} = N",
                        "overlay [N, N] under N/1000/opt/upper, work in N/opt/work/0 {index=off, metacopy=off} nosuid = N"),
                overlays);
    }

    @Test
    void changesOfOneSessionAreInItsOwnFolder() {
        assertTrue(
                bench.execute(keptFor(Lifetime.SESSION)) instanceof Outcome.Applied,
                sys.transcript().toString());
        String own = ".session-0123456789abcdef-opt";
        assertEquals(List.of("nothing", "probe", "upper", "work"), sys.names("/instances/1000/" + own));
        assertTrue(
                sys.transcript().toString().contains("/1000/" + own + "/upper, work in 1000/" + own + "/work/0 "),
                sys.transcript().toString());
    }

    @Test
    void nextLoginFindsTheChanges() {
        applied(bench.execute(kept()));
        sys.file(KEPT + "/upper/mine", 0644, 1000, "");
        Bench.takeAway(sys, "/opt");
        applied(bench.execute(kept()));
        assertEquals(List.of("mine"), sys.names("/opt"));
        String second = sys.transcript().toString();
        assertTrue(!second.contains("mkdir") && !second.contains("rename") && !second.contains("chmod"), second);
    }

    @Test
    void whileAnotherSessionShowsThemTheWorkIsDoneElsewhere() {
        sys.transcript().fail("overlay", 1, Errno.EBUSY);
        sys.transcript().fail("overlay", 2, Errno.EBUSY);
        applied(bench.execute(kept()));
        assertEquals(List.of("0", "1", "2"), sys.names(KEPT + "/work"));
        List<String> overlays = sys.transcript()
                .toString()
                .lines()
                .filter(line -> line.startsWith("overlay"))
                .toList();
        assertEquals(4, overlays.size(), "three questions and one answer");
        assertTrue(overlays.get(3).contains("work in 1000/opt/work/2 "), overlays.get(3));
    }

    @Test
    void foldersOutOfABackupAreNotInUse() {
        sys.transcript().fail("overlay", 1, Errno.ESTALE);
        applied(bench.execute(kept()));
        assertEquals(List.of("0"), sys.names(KEPT + "/work"));
    }

    @Test
    void kernelThatHasNoOverlayIsToldOf() {
        int enodev = 19;
        sys.transcript().fail("overlay", 1, enodev);
        String why = failed(bench.execute(kept()));
        assertTrue(why.startsWith("cannot put an overlay on /opt: No such device (overlay "), why);
    }

    @Test
    void tmpfsGoesFromTheViewWhateverFails() {
        sys.transcript().fail("overlay", 1, Errno.EINVAL);
        failed(bench.execute(overlay(Optional.empty())));
        assertTrue(
                sys.transcript().toString().contains("\ndetach /hidden/dir\n"),
                sys.transcript().toString());
    }

    @Test
    void folderOfChangesThatIsNotRootsAloneIsRefused() {
        applied(bench.execute(kept()));
        sys.chown(KEPT, 1000, 0700);
        Bench.takeAway(sys, "/opt");
        assertEquals(
                "cannot use /instances/1000/opt: it is not root's alone; make it mode 0700, owned by root, after a look at what is in it",
                failed(bench.execute(kept())));
    }

    @Test
    void topmostFolderThatMorePeopleCouldWriteToIsRefused() {
        applied(bench.execute(kept()));
        sys.chown(KEPT + "/upper", 0, 0777);
        Bench.takeAway(sys, "/opt");
        String why = failed(bench.execute(kept()));
        assertTrue(
                why.startsWith(
                        "cannot use /instances/1000/opt/upper: it is 0777 0:0, and more people could write to it"),
                why);
    }
}
