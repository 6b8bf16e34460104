// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jns.linux.Errno;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.MountFlags;
import org.jns.model.Question;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FactsProbeTest {
    private static final MountFlags NOSUID_NODEV = MountFlags.NOSUID.plus(MountFlags.NODEV);

    private final RecordingSyscalls sys = new RecordingSyscalls();
    private final FactsProbe probe = new FactsProbe(sys);

    @AfterEach
    void nothingStaysOpen() {
        probe.close();
        sys.assertClean();
    }

    private Fact look(String path, boolean trust) {
        AbsPath where = AbsPath.of(path);
        return probe.examine(List.of(new Question(where, trust))).at(where);
    }

    private static Fact.Present present(
            String resolved, Fact.Kind kind, int mode, long id, MountFlags flags, boolean rootOnly) {
        return new Fact.Present(AbsPath.of(resolved), kind, mode, id, id, flags, rootOnly);
    }

    @Test
    void plainPathCostsOneOpen() {
        sys.directory("/tmp", 0755, 0, 0)
                .mount("/tmp", NOSUID_NODEV, 0x01021994)
                .directory("/tmp/x", 01777, 1000, 1000);
        assertEquals(present("/tmp/x", Fact.Kind.DIRECTORY, 01777, 1000, NOSUID_NODEV, false), look("/tmp/x", false));
        assertEquals(
                """
                open /tmp/x PATH NO_LINKS = 3
                stat 3 = folder 1777 1000:1000
                fstatfs 3 = [nosuid,nodev]
                """,
                sys.transcript().toString());
    }

    @Test
    void linkInATrustedFolderIsFollowedFromTheRootAgain() {
        sys.directory("/usr", 0755, 0, 0).directory("/usr/lib", 0755, 0, 0).link("/lib", 0, "usr/lib");
        assertEquals(present("/usr/lib", Fact.Kind.DIRECTORY, 0755, 0, MountFlags.NONE, false), look("/lib", false));
        assertEquals(
                """
                open /lib PATH NO_LINKS = ELOOP
                open / PATH NO_LINKS = 3
                stat 3 = folder 0755 0:0
                fstatfs 3 = []
                open 3/lib LINK_ITSELF NO_LINKS = 4
                stat 4 = link 0777 0:0
                stat 3 = folder 0755 0:0
                fstatfs 3 = []
                readlink 4 = usr/lib
                close 4
                close 3
                open / PATH NO_LINKS = 3
                stat 3 = folder 0755 0:0
                fstatfs 3 = []
                open 3/usr LINK_ITSELF NO_LINKS = 4
                stat 4 = folder 0755 0:0
                close 3
                stat 4 = folder 0755 0:0
                fstatfs 4 = []
                open 4/lib LINK_ITSELF NO_LINKS = 3
                stat 3 = folder 0755 0:0
                close 4
                stat 3 = folder 0755 0:0
                fstatfs 3 = []
                stat 3 = folder 0755 0:0
                fstatfs 3 = []
                """,
                sys.transcript().toString());
    }

    @Test
    void linkThatAUserMadeIsNotFollowed() {
        sys.directory("/home", 0755, 0, 0)
                .directory("/home/mallory", 0755, 1000, 1000)
                .link("/home/mallory/tmp", 1000, "/etc");
        assertEquals(
                new Fact.Unusable(
                        "/home/mallory/tmp is a symbolic link that somebody other than root can change; name the path without it"),
                look("/home/mallory/tmp", false));
    }

    @Test
    void rootsLinkInAFolderThatOthersCanChangeIsNotFollowed() {
        sys.directory("/tmp", 01777, 0, 0)
                .link("/tmp/a", 0, "/etc")
                .directory("/shared", 0775, 0, 50)
                .link("/shared/a", 0, "/etc");
        assertTrue(look("/tmp/a", false) instanceof Fact.Unusable);
        assertTrue(look("/shared/a", false) instanceof Fact.Unusable);
    }

    @Test
    void aUsersLinkInATrustedFolderIsNotFollowed() {
        sys.directory("/srv", 0755, 0, 0).link("/srv/a", 1000, "/etc");
        assertTrue(look("/srv/a", true) instanceof Fact.Unusable);
    }

    @Test
    void fifoAndSocketAreSeenWithoutBeingOpened() {
        sys.fifo("/fifo").socket("/socket");
        assertEquals(present("/fifo", Fact.Kind.OTHER, 0666, 1000, MountFlags.NONE, false), look("/fifo", false));
        assertEquals(
                present("/socket", Fact.Kind.OTHER, 0777, 1000, MountFlags.NONE, true)
                        .kind(),
                ((Fact.Present) look("/socket", true)).kind());
        assertTrue(
                !sys.transcript().toString().contains("READ"), sys.transcript().toString());
    }

    @Test
    void whatIsNotThereIsMissing() {
        sys.file("/file", 0644, 0, "");
        assertEquals(new Fact.Missing(), look("/nothing", false));
        assertEquals(new Fact.Missing(), look("/nothing/below", true));
        assertEquals(new Fact.Missing(), look("/file/below", false));
        assertEquals(new Fact.Missing(), look("/file/below", true));
    }

    @Test
    void danglingLinkIsMissing() {
        sys.link("/dangling", 0, "nowhere/at/all");
        assertEquals(new Fact.Missing(), look("/dangling", false));
    }

    @Test
    void loopOfLinksEnds() {
        sys.link("/a", 0, "b").link("/b", 0, "a");
        assertEquals(new Fact.Unusable("too many symbolic links at /a"), look("/a", false));
        assertTrue(sys.transcript().calls() < 500, sys.transcript().calls() + " calls");
    }

    @Test
    void linkThatGrowsThePathEnds() {
        sys.link("/a", 0, "a" + "/x".repeat(1000));
        assertEquals(
                new Fact.Unusable("the symbolic link /a leads to no usable path: path is longer than 4095 bytes"),
                look("/a", false));
    }

    @Test
    void linkWhoseTextIsNoPathIsUnusable() {
        sys.link("/strange", 0, "a\u0001b");
        Fact fact = look("/strange", false);
        assertTrue(
                fact instanceof Fact.Unusable unusable && unusable.why().contains("control character"),
                fact.toString());
    }

    @Test
    void dotsInALinkAreResolved() {
        sys.directory("/opt", 0755, 0, 0)
                .link("/opt/up", 0, ".././../../opt//./real")
                .directory("/opt/real", 0700, 0, 0);
        assertEquals(present("/opt/real", Fact.Kind.DIRECTORY, 0700, 0, MountFlags.NONE, true), look("/opt/up", true));
    }

    @Test
    void rootOnlyNeedsEveryFolderOnTheWay() {
        sys.directory("/a", 0755, 0, 0).directory("/a/b", 0775, 0, 50).directory("/a/b/c", 0755, 0, 0);
        sys.directory("/u", 0755, 1000, 0)
                .directory("/u/c", 0755, 0, 0)
                .directory("/g", 0775, 0, 0)
                .file("/g/f", 0644, 0, "");
        assertEquals(
                List.of(true, false, false, true),
                List.of(rootOnly("/a"), rootOnly("/a/b/c"), rootOnly("/u/c"), rootOnly("/g/f")));
    }

    @Test
    void whatAUsersProgramAnswersForIsNeverRootOnly() {
        sys.directory("/mnt", 0755, 0, 0)
                .mount("/mnt", MountFlags.NONE, RecordingSyscalls.FUSE)
                .directory("/mnt/lib", 0755, 0, 0);
        sys.link("/mnt/link", 0, "/etc");
        assertEquals(List.of(false, false), List.of(rootOnly("/mnt"), rootOnly("/mnt/lib")));
        assertTrue(look("/mnt/link", false) instanceof Fact.Unusable);
    }

    /** Such devices store nothing, so only root may change the node. */
    @Test
    void devicesThatKeepNothingAreRootOnlyWhoeverMayWriteToThem() {
        sys.directory("/dev", 0755, 0, 0)
                .directory("/open", 01777, 0, 0)
                .directory("/fuse", 0755, 0, 0)
                .mount("/fuse", MountFlags.NONE, RecordingSyscalls.FUSE);
        for (int minor : List.of(3, 5, 7, 8, 9)) {
            sys.characterDevice("/dev/" + minor, 0666, 0, 1, minor);
            assertTrue(rootOnly("/dev/" + minor), "1:" + minor);
            sys.characterDevice("/dev/users-" + minor, 0666, 1000, 1, minor)
                    .blockDevice("/dev/block-" + minor, 0666, 0, 1, minor);
            sys.characterDevice("/open/" + minor, 0666, 0, 1, minor)
                    .characterDevice("/fuse/" + minor, 0666, 0, 1, minor);
            for (String path : List.of("/dev/users-", "/dev/block-", "/open/", "/fuse/")) {
                assertFalse(rootOnly(path + minor), path + minor);
            }
        }
    }

    @Test
    void otherDevicesAreRootOnlyAsFilesAre() {
        sys.directory("/dev", 0755, 0, 0);
        sys.characterDevice("/dev/mem", 0640, 0, 1, 1)
                .characterDevice("/dev/kmsg", 0666, 0, 1, 11)
                .characterDevice("/dev/tty", 0666, 0, 5, 0);
        sys.characterDevice("/dev/pts0", 0622, 0, 136, 3)
                .blockDevice("/dev/loop3", 0666, 0, 7, 3)
                .blockDevice("/dev/sda", 0600, 0, 8, 0);
        assertEquals(
                List.of(true, false, false, false, false, true),
                List.of("/dev/mem", "/dev/kmsg", "/dev/tty", "/dev/pts0", "/dev/loop3", "/dev/sda").stream()
                        .map(this::rootOnly)
                        .toList());
    }

    /** Every file of the kernel in memory is on device 1. */
    @Test
    void whatRootsProgramAnswersForIsRootOnlyIfTheKernelSaysThatItIsRoots() {
        sys.directory("/var", 0755, 0, 0)
                .directory("/var/lxcfs", 0755, 0, 0)
                .mount("/var/lxcfs", MountFlags.NONE, RecordingSyscalls.FUSE);
        sys.file("/var/lxcfs/uptime", 0444, 0, "")
                .file("/var/lxcfs/open", 0666, 0, "")
                .directory("/sys", 0755, 0, 0)
                .directory("/sys/fs", 0755, 0, 0);
        sys.directory("/sys/fs/fuse", 0755, 0, 0).directory("/sys/fs/fuse/connections", 0755, 0, 0);
        assertFalse(rootOnly("/var/lxcfs/uptime"), "without the kernel's word");
        sys.directory("/sys/fs/fuse/connections/1", 0500, 0, 0);
        assertFalse(rootOnly("/var/lxcfs/uptime"), "with a folder that is not the kernel's");
        sys.mount("/sys/fs/fuse/connections", MountFlags.NONE, RecordingSyscalls.FUSE_CONTROL)
                .directory("/sys/fs/fuse/connections/2", 0500, 0, 0);
        assertFalse(rootOnly("/var/lxcfs/uptime"), "with the kernel's word on another");
        sys.directory("/sys/fs/fuse/connections/1", 0500, 1000, 0);
        assertFalse(rootOnly("/var/lxcfs/uptime"), "of a user's");
        sys.chown("/sys/fs/fuse/connections/1", 0, 0500);
        assertTrue(rootOnly("/var/lxcfs/uptime"), "of root's");
        assertFalse(rootOnly("/var/lxcfs/open"), "what others may write to");
    }

    @Test
    void rootOnlyIsSaidOnlyWhereItWasAskedFor() {
        sys.directory("/a", 0755, 0, 0);
        AbsPath a = AbsPath.of("/a");
        Fact both = probe.examine(List.of(new Question(a, false), new Question(a, true)))
                .at(a);
        assertEquals(present("/a", Fact.Kind.DIRECTORY, 0755, 0, MountFlags.NONE, true), both);
    }

    private boolean rootOnly(String path) {
        return ((Fact.Present) look(path, true)).rootOnly();
    }

    @Test
    void twoWaysToOnePlaceKeepOneDescriptor() {
        sys.directory("/real", 0755, 0, 0).link("/one", 0, "real").link("/two", 0, "real");
        look("/one", false);
        look("/two", false);
        look("/real", true);
        assertTrue(probe.at(AbsPath.of("/real")).isPresent());
        assertTrue(probe.at(AbsPath.of("/one")).isEmpty());
    }

    /** With a trusted link on the way, so that both the quick look and the walk run. */
    @Test
    void everyCallMayFail() {
        for (boolean trust : List.of(false, true)) {
            int calls = inject(trust, -1);
            assertTrue(calls > 15, calls + " calls");
            for (int i = 0; i < calls; i++) {
                inject(trust, i);
            }
        }
    }

    private static int inject(boolean trust, int failing) {
        int eio = 5;
        RecordingSyscalls sys = new RecordingSyscalls();
        sys.directory("/a", 0755, 0, 0)
                .link("/a/l", 0, "../b")
                .directory("/b", 0755, 0, 0)
                .file("/b/f", 0644, 0, "");
        sys.transcript().failCall(failing, eio);
        AbsPath path = AbsPath.of("/a/l/f");
        try (FactsProbe probe = new FactsProbe(sys)) {
            Fact fact = probe.examine(List.of(new Question(path, trust))).at(path);
            if (failing >= 0) {
                assertEquals(
                        new Fact.Unusable(Errno.text(eio) + " (/a/l/f)"),
                        fact,
                        sys.transcript().toString());
                assertTrue(sys.transcript().hasFailed());
            } else {
                assertTrue(fact instanceof Fact.Present, fact.toString());
            }
        }
        sys.assertClean();
        return sys.transcript().calls();
    }
}
