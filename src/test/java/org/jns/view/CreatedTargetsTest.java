// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests targets that a rule lets jns create on the host. */
class CreatedTargetsTest {
    private static final Ownership ALICES = new Ownership(02750, 1000, 50);

    private final Bench bench = new Bench();
    private final RecordingSyscalls sys = bench.sys;

    CreatedTargetsTest() {
        sys.directory("/srv", 0755, 0, 0);
    }

    private static Step.Create create(String onto, boolean directory) {
        return new Step.Create(Bench.ORIGIN, AbsPath.of(onto), directory, ALICES);
    }

    private static Step tmpfs(String onto) {
        return new Step.Tmpfs(
                Bench.ORIGIN, AbsPath.of(onto), ALICES, OptionalLong.empty(), OptionalLong.empty(), MountFlags.NONE);
    }

    private void applied(Outcome outcome, int mounts) {
        assertTrue(
                outcome instanceof Outcome.Applied applied && applied.mounts() == mounts,
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
    void folderIsMadeUnderAnotherNameAndRenamed() {
        applied(bench.execute(create("/srv/d", true), tmpfs("/srv/d")), 1);
        assertEquals(
                """
                open / PATH NO_LINKS = 3
                stat 3 = folder 0755 0:0
                fstatfs 3 = []
                open 3/srv LINK_ITSELF NO_LINKS = 4
                stat 4 = folder 0755 0:0
                close 3
                stat 4 = folder 0755 0:0
                fstatfs 4 = []
                mkdir 4/.jns-new-* 0700
                open 4/.jns-new-* DIRECTORY INSIDE = 3
                stat 3 = folder 0700 0:0
                chown 3 1000:50
                chmod 3 2750
                rename 4/.jns-new-* d
                close 4
                tmpfs {mode=2750, uid=1000, gid=50} = 4
                attach 4 on 3
                namespace = 5
                close 4
                close 3
                close 5
                """,
                sys.transcript().toString());
    }

    @Test
    void fileIsMadeToo() {
        sys.file("/f", 0644, 0, "shown");
        Step bind = new Step.Bind(Bench.ORIGIN, AbsPath.of("/f"), AbsPath.of("/srv/f"), MountFlags.NONE);
        applied(bench.execute(create("/srv/f", false), bind), 1);
        Bench.takeAway(sys, "/srv/f");
        assertEquals("file 2750 1000:50", sys.describe("/srv/f"));
        assertEquals(List.of("f"), sys.names("/srv"));
    }

    @Test
    void whatSomebodyElseMadeMeanwhileServes() {
        sys.transcript().meanwhile("rename", 1, () -> sys.directory("/srv/d", 0700, 7, 7));
        applied(bench.execute(create("/srv/d", true), tmpfs("/srv/d")), 1);
        Bench.takeAway(sys, "/srv/d");
        assertEquals("folder 0700 7:7", sys.describe("/srv/d"));
        assertEquals(List.of("d"), sys.names("/srv"), "the draft is gone");
    }

    @ParameterizedTest
    @CsvSource({
        "file, true, Not a directory (mount point d)",
        "folder, false, File exists (mount point d)",
        "link, true, Not a directory (mount point d)"
    })
    void otherThingsDoNot(String there, boolean directory, String reason) {
        Runnable other =
                switch (there) {
                    case "file" -> () -> sys.file("/srv/d", 0644, 0, "");
                    case "folder" -> () -> sys.directory("/srv/d", 0755, 0, 0);
                    default -> () -> sys.link("/srv/d", 0, "/etc");
                };
        sys.transcript().meanwhile("rename", 1, other);
        assertEquals("cannot create /srv/d: " + reason, failed(bench.execute(create("/srv/d", directory))));
        assertEquals(List.of("d"), sys.names("/srv"), "the draft is gone");
    }

    @ParameterizedTest
    @CsvSource({"0777, 0", "1777, 0", "0755, 1000"})
    void folderThatSomebodyElseCanChangeIsNoPlaceForIt(String mode, long uid) {
        sys.directory("/srv", Integer.parseInt(mode, 8), uid, uid).directory("/srv/sub", 0755, 0, 0);
        assertEquals(
                "cannot create /srv/sub/d: somebody other than root can change /srv/sub or a folder above it; create it by hand, or take the rule out",
                failed(bench.execute(create("/srv/sub/d", true))));
        assertEquals(List.of(), sys.names("/srv/sub"));
    }

    @Test
    void linkOnTheWayIsNotFollowed() {
        sys.directory("/etc", 0755, 0, 0).link("/srv/sub", 1000, "/etc");
        assertEquals(
                "cannot create /srv/sub/d: /srv/sub is a symbolic link that somebody other than root can change; name the path without it",
                failed(bench.execute(create("/srv/sub/d", true))));
        sys.link("/srv/sub", 0, "/etc");
        assertTrue(failed(bench.execute(create("/srv/sub/d", true)))
                .startsWith("cannot create /srv/sub/d: somebody other than root can change"));
        assertEquals(List.of(), sys.names("/etc"));
    }

    @ParameterizedTest
    @CsvSource({"chown", "chmod", "rename"})
    void failureLeavesNoDraft(String call) {
        int erofs = 30;
        sys.transcript().fail(call, 1, erofs);
        assertTrue(failed(bench.execute(create("/srv/d", true)))
                .startsWith("cannot create /srv/d: Read-only file system ("));
        assertEquals(List.of(), sys.names("/srv"));
    }
}
