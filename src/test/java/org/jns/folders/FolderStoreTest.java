// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.NameService;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.Lifetime;
import org.jns.model.MountFlags;
import org.jns.model.Step.Ownership;
import org.jns.model.Subject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderStoreTest {
    private static final Subject ALICE = subject("alice");
    private static final Ownership STICKY = new Ownership(01777, 0, 0);

    private final RecordingSyscalls sys = new RecordingSyscalls();
    private final FolderStore store = new FolderStore(sys, AbsPath.of("/var/lib/jns"), "0123456789abcdef");
    private final List<String> warnings = new ArrayList<>();
    private Lifetime lifetime = Lifetime.FOREVER;
    private Optional<FolderStore.Skel> skel = Optional.empty();

    private static Subject subject(String name) {
        return new Subject(name, 1000, 1000, "1000", Set.of(), "/home/" + name, "/bin/sh", "sshd", "");
    }

    @BeforeEach
    void prepare() {
        sys.directory("/var", 0755, 0, 0).directory("/var/lib", 0755, 0, 0);
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private String login(Subject subject, Ownership ownership) throws FolderStore.Unsafe {
        sys.transcript().clear();
        try (Fd base = store.openBase();
                Fd folder = store.open(base, subject, "tmp", lifetime, ownership, skel, warnings)) {
            return folder.number() + "\n" + sys.transcript();
        }
    }

    private void secondLogin() throws FolderStore.Unsafe {
        login(ALICE, STICKY);
    }

    private String refusal(Subject subject) {
        return assertThrows(FolderStore.Unsafe.class, () -> login(subject, STICKY))
                .getMessage();
    }

    @Test
    void firstLoginMakesDraftsAndRenamesThem() throws FolderStore.Unsafe {
        assertEquals(
                """
                5
                open /var/lib/jns DIRECTORY NO_LINKS = ENOENT
                open /var/lib DIRECTORY NO_LINKS = 3
                mkdir 3/jns 0700
                open 3/jns DIRECTORY NO_LINKS = 4
                close 3
                stat 4 = folder 0700 0:0
                open 4/1000 DIRECTORY INSIDE = ENOENT
                open /var/lib DIRECTORY NO_LINKS = 3
                readlink 3/.jns-is-mounted = ENOENT
                close 3
                open 4/. DIRECTORY INSIDE = 3
                lock 3 shared
                mkdir 4/.new-* 0700
                open 4/.new-* DIRECTORY INSIDE = 5
                chmod 5 0700
                symlink 5/owner -> alice
                rename 4/.new-* 1000
                close 5
                close 3
                open 4/1000 DIRECTORY INSIDE = 3
                stat 3 = folder 0700 0:0
                readlink 3/owner = alice
                readlink 3/.keep-tmp = ENOENT
                open 3/tmp DIRECTORY INSIDE = ENOENT
                open 3/. DIRECTORY INSIDE = 5
                lock 5 shared
                mkdir 3/.new-* 0700
                open 3/.new-* DIRECTORY INSIDE = 6
                chown 6 1000:100
                chmod 6 1770
                rename 3/.new-* tmp
                close 6
                close 5
                open 3/tmp DIRECTORY INSIDE = 5
                close 3
                stat 5 = folder 1770 1000:100
                """,
                login(ALICE, new Ownership(01770, 1000, 100)));
        assertEquals("folder 1770 1000:100", sys.describe("/var/lib/jns/1000/tmp"));
        assertEquals(List.of(), warnings);
    }

    /** The users must not get new and empty folders on the disk below. */
    @Test
    void aDiskThatIsNotMountedKeepsNewFoldersOut() throws FolderStore.Unsafe {
        sys.directory("/var/lib/jns", 0700, 0, 0);
        assertFalse(OwnDisk.look(sys, AbsPath.of("/var/lib/jns")));
        assertEquals(List.of("jns"), sys.names("/var/lib"));
        sys.link("/var/lib/.jns-is-mounted", 0, "jnsd");
        assertTrue(OwnDisk.look(sys, AbsPath.of("/var/lib/jns")));
        assertEquals(
                "cannot make /var/lib/jns/1000: /var/lib/jns was on a disk of its own, and that is not mounted; mount it, or, if the private folders shall stay on this"
                        + " disk from now on: rm /var/lib/.jns-is-mounted",
                refusal(ALICE));
        assertEquals(List.of(), sys.names("/var/lib/jns"));
    }

    /** The files on the disk below stay unchanged. */
    @Test
    void aDiskThatIsNotMountedKeepsOldFoldersWhereTheyAre() throws FolderStore.Unsafe {
        login(subject("bob"), STICKY);
        sys.link("/var/lib/.jns-is-mounted", 0, "jnsd");
        assertTrue(refusal(ALICE).contains("was on a disk of its own"));
        assertEquals(List.of("1000"), sys.names("/var/lib/jns"));
    }

    /** A machine that was copied from another one's disk has no further disk. */
    @Test
    void anotherMachinesMarkIsNone() throws FolderStore.Unsafe {
        String here = "0123456789abcdef".repeat(2);
        sys.directory("/etc", 0755, 0, 0)
                .file("/etc/machine-id", 0444, 0, here + "\n")
                .directory("/var/lib/jns", 0700, 0, 0);
        sys.link("/var/lib/.jns-is-mounted", 0, "f".repeat(32));
        assertFalse(OwnDisk.look(sys, AbsPath.of("/var/lib/jns")));
        login(ALICE, STICKY);
        assertEquals(List.of("jns"), sys.names("/var/lib"));
        sys.link("/var/lib/.jns-is-mounted", 0, here);
        assertTrue(OwnDisk.look(sys, AbsPath.of("/var/lib/jns")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"uninitialized", ""})
    void aMachineThatDoesNotKnowItselfKeepsAMark(String id) {
        sys.directory("/etc", 0755, 0, 0)
                .file("/etc/machine-id", 0444, 0, id + "\n")
                .directory("/var/lib/jns", 0700, 0, 0);
        sys.link("/var/lib/.jns-is-mounted", 0, "f".repeat(32));
        assertTrue(OwnDisk.look(sys, AbsPath.of("/var/lib/jns")));
    }

    @Test
    void theMarkNamesTheMachineThatHasTheDisk() {
        String here = "0123456789abcdef".repeat(2);
        sys.directory("/etc", 0755, 0, 0)
                .file("/etc/machine-id", 0444, 0, here + "\n")
                .directory("/var/lib/jns", 0700, 0, 0);
        sys.link("/var/lib/.jns-is-mounted", 0, "f".repeat(32))
                .mount("/var/lib/jns", MountFlags.NONE, RecordingSyscalls.OWN_DISK);
        assertFalse(OwnDisk.look(sys, AbsPath.of("/var/lib/jns")));
        try (Fd around = sys.open(Optional.empty(), "/var/lib", OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            assertEquals(here, sys.readLink(around, ".jns-is-mounted"));
        }
    }

    @Test
    void aDiskThatIsMountedIsRemembered() {
        sys.directory("/var/lib/jns", 0700, 0, 0).mount("/var/lib/jns", MountFlags.NONE, RecordingSyscalls.OWN_DISK);
        assertFalse(OwnDisk.look(sys, AbsPath.of("/var/lib/jns")));
        assertEquals(List.of(".jns-is-mounted", "jns"), sys.names("/var/lib"));
        assertFalse(OwnDisk.look(sys, AbsPath.of("/var/lib/jns")));
    }

    @Test
    void secondLoginOnlyOpens() throws FolderStore.Unsafe {
        login(ALICE, STICKY);
        assertEquals(
                """
                5
                open /var/lib/jns DIRECTORY NO_LINKS = 3
                stat 3 = folder 0700 0:0
                open 3/1000 DIRECTORY INSIDE = 4
                stat 4 = folder 0700 0:0
                readlink 4/owner = alice
                readlink 4/.keep-tmp = ENOENT
                open 4/tmp DIRECTORY INSIDE = 5
                close 4
                stat 5 = folder 1777 0:0
                """,
                login(ALICE, STICKY));
    }

    @Test
    void whoComesSecondTakesWhatTheFirstMade() throws FolderStore.Unsafe {
        sys.directory("/var/lib/jns", 0700, 0, 0);
        sys.transcript().meanwhile("rename", 1, () -> sys.directory("/var/lib/jns/1000", 0700, 0, 0)
                .link("/var/lib/jns/1000/owner", 0, "alice"));
        sys.transcript().meanwhile("rename", 2, () -> sys.directory("/var/lib/jns/1000/tmp", 01777, 7, 7));
        FolderStore.Unsafe refused = assertThrows(FolderStore.Unsafe.class, () -> login(ALICE, STICKY));
        assertTrue(
                refused.getMessage().contains("uid 7 owns it"), "the other's folder was not the one that was opened");
        assertEquals(List.of("1000"), sys.names("/var/lib/jns"), "the draft is gone");
        assertEquals(List.of("owner", "tmp"), sys.names("/var/lib/jns/1000"), "the draft is gone");
    }

    @Test
    void whoComesSecondAtTheBaseTakesItToo() throws FolderStore.Unsafe {
        sys.transcript().meanwhile("mkdir", 1, () -> sys.directory("/var/lib/jns", 0700, 0, 0));
        login(ALICE, STICKY);
        assertEquals("folder 0700 0:0", sys.describe("/var/lib/jns"));
    }

    @Test
    void anotherUsersFoldersArePutAsideAndSaid() throws FolderStore.Unsafe {
        login(ALICE, STICKY);
        sys.file("/var/lib/jns/1000/tmp/secret", 0600, 1000, "alice's");
        login(subject("bob"), STICKY);
        assertEquals(List.of(), sys.names("/var/lib/jns/1000/tmp"));
        assertEquals(1, warnings.size());
        String aside = sys.names("/var/lib/jns").stream()
                .filter(name -> name.startsWith("aside-1000-"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                "uid 1000 was alice's and is now bob's: the old private folders are in /var/lib/jns/" + aside,
                warnings.get(0));
        assertEquals(List.of("secret"), sys.names("/var/lib/jns/" + aside + "/tmp"));
    }

    /**
     * Each login has a name and a home, {@code !} before those that must not get the existing folder; nobody has the
     * names now.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jns-a:/home/jns-a jns-c:/home/jns-a jns-a:/home/jns-a jns-c:/home/jns-a",
                "jns-a:/home/jns-a jns-b:/home/jns-a jns-c:/home/jns-a jns-a:/home/jns-a",
                "jns-a:/home/jns-a jns-c:/home/jns-a jns-c:/home/jns-c jns-b:/home/jns-c",
                "jns-a:/home/jns-a jns-c:/home/jns-a jns-c:/home/jns-c !jns-a:/home/jns-a",
                "jns-a:/home/jns-a jns-c:/home/jns-a !jns-d:/home/jns-d !jns-a:/home/jns-a",
                "jns-a:/home/jns-a jns-a:/srv/a !jns-c:/srv/a",
                "jns-a:/home/jns-a jns-c:home/jns-a jns-c:home/jns-a jns-a:home/jns-a",
                "jns-a:/nonexistent !jns-c:/nonexistent",
                "jns-a:/home/jns-a jns-c:/home/jns-a !jns-d:/home/jns-a/ !jns-e:"
            })
    void whoWasRenamedKeepsTheFolders(String logins) throws FolderStore.Unsafe {
        FolderStore asking = new FolderStore(sys, AbsPath.of("/var/lib/jns"), "0123456789abcdef", new NameService());
        for (String login : logins.split(" ")) {
            String[] user = login.replace("!", "").split(":", -1);
            warnings.clear();
            Subject subject = new Subject(user[0], 1000, 1000, "1000", Set.of(), user[1], "/bin/sh", "sshd", "");
            try (Fd base = asking.openBase()) {
                asking.open(base, subject, "tmp", lifetime, STICKY, skel, warnings)
                        .close();
            }
            assertEquals(login.startsWith("!") ? 1 : 0, warnings.size(), login + ": " + warnings);
        }
    }

    @Test
    void whoseFoldersAreBeingPutAsideTwiceGetsNewOnes() throws FolderStore.Unsafe {
        login(ALICE, STICKY);
        sys.transcript().fail("rename", 1, Errno.ENOENT);
        sys.transcript().meanwhile("rename", 1, () -> {
            try (Fd base = sys.open(Optional.empty(), "/var/lib/jns", OpenAs.DIRECTORY, Walk.NO_LINKS)) {
                sys.replace(base, "1000", "aside-1000-1");
            }
        });
        login(subject("bob"), STICKY);
        assertEquals("folder 1777 0:0", sys.describe("/var/lib/jns/1000/tmp"));
    }

    @ParameterizedTest
    @CsvSource({"0755, 0", "0770, 0", "0701, 0", "0700, 1000"})
    void baseThatIsNotRootsAloneIsRefused(String mode, long uid) {
        sys.directory("/var/lib/jns", Integer.parseInt(mode, 8), uid, 0);
        assertEquals(
                "cannot use /var/lib/jns: it is not root's alone; make it mode 0700, owned by root, after a look at what is in it",
                refusal(ALICE));
        assertEquals(List.of(), sys.names("/var/lib/jns"), "nothing was made in it");
    }

    @ParameterizedTest
    @CsvSource({"0755, 0", "0700, 1000"})
    void usersFolderThatIsNotRootsAloneIsRefused(String mode, long uid) {
        sys.directory("/var/lib/jns", 0700, 0, 0).directory("/var/lib/jns/1000", Integer.parseInt(mode, 8), uid, 0);
        assertTrue(refusal(ALICE).startsWith("cannot use /var/lib/jns/1000: it is not root's alone; "));
    }

    @Test
    void linkInPlaceOfAFolderIsRefused() {
        sys.directory("/evil", 0700, 0, 0).link("/var/lib/jns", 0, "/evil");
        assertEquals(
                Errno.ELOOP,
                assertThrows(SyscallException.class, this::secondLogin).errno());
    }

    @Test
    void linkInPlaceOfTheUsersFolderIsRefused() {
        sys.directory("/evil", 0700, 0, 0).directory("/var/lib/jns", 0700, 0, 0).link("/var/lib/jns/1000", 0, "/evil");
        assertEquals(
                Errno.ELOOP,
                assertThrows(SyscallException.class, this::secondLogin).errno());
    }

    @Test
    void foldersThatNobodyIsRecordedForAreRefused() {
        sys.directory("/var/lib/jns", 0700, 0, 0).directory("/var/lib/jns/1000", 0700, 0, 0);
        String expected =
                "cannot use /var/lib/jns/1000: it has no record of its owner; remove it, or link owner in it to the user's name";
        assertEquals(expected, refusal(ALICE));
        sys.file("/var/lib/jns/1000/owner", 0600, 0, "alice");
        assertEquals(expected, refusal(ALICE));
    }

    @ParameterizedTest
    @CsvSource({"readlink", "stat"})
    void recordThatCannotBeReadIsNotCalledMissing(String call) throws FolderStore.Unsafe {
        int eio = 5;
        login(ALICE, STICKY);
        sys.transcript().fail(call, call.equals("stat") ? 2 : 1, eio);
        assertEquals(
                eio, assertThrows(SyscallException.class, this::secondLogin).errno());
    }

    @Test
    void foldersThatCannotBePutAsideAreNotCalledUnrecorded() throws FolderStore.Unsafe {
        login(subject("bob"), STICKY);
        sys.transcript().fail("rename", 1, Errno.EACCES);
        assertEquals(
                Errno.EACCES,
                assertThrows(SyscallException.class, this::secondLogin).errno());
    }

    @Test
    void folderOfAThirdPartyIsRefused() throws FolderStore.Unsafe {
        sys.directory("/var/lib/jns", 0700, 0, 0)
                .directory("/var/lib/jns/1000", 0700, 0, 0)
                .link("/var/lib/jns/1000/owner", 0, "alice");
        sys.directory("/var/lib/jns/1000/tmp", 01777, 1001, 0);
        assertEquals(
                "cannot use /var/lib/jns/1000/tmp: uid 1001 owns it; remove it, or give it to root or to uid 1000",
                refusal(ALICE));
    }

    @Test
    void aFileInPlaceOfTheFolderIsRefused() {
        sys.directory("/var/lib/jns", 0700, 0, 0)
                .directory("/var/lib/jns/1000", 0700, 0, 0)
                .link("/var/lib/jns/1000/owner", 0, "alice");
        sys.file("/var/lib/jns/1000/tmp", 0644, 0, "");
        assertEquals(
                Errno.ENOTDIR,
                assertThrows(SyscallException.class, this::secondLogin).errno());
    }

    @Test
    void whatIsRemovedAsSoonAsItIsMadeIsGivenUp() {
        // Every look at the user's folder finds nothing, and every rename finds an existing file.
        RecordingSyscalls other = new RecordingSyscalls();
        other.directory("/b", 0700, 0, 0);
        for (int i = 1; i <= 8; i++) {
            other.transcript().fail("rename", i, Errno.EEXIST);
        }
        FolderStore hopeless = new FolderStore(other, AbsPath.of("/b"), "0123456789abcdef");
        FolderStore.Unsafe given = assertThrows(FolderStore.Unsafe.class, () -> {
            try (Fd base = hopeless.openBase()) {
                hopeless.open(base, ALICE, "tmp", Lifetime.FOREVER, STICKY, Optional.empty(), warnings);
            }
        });
        assertEquals("cannot make /b/1000: it is removed as soon as it is made", given.getMessage());
        assertEquals(List.of(), other.names("/b"), "every draft is gone");
        other.assertClean();
    }

    @Test
    void failedFirstLoginLeavesNoDraft() throws FolderStore.Unsafe {
        int enospc = 28;
        login(ALICE, STICKY);
        int calls = sys.transcript().calls();
        for (int i = 0; i < calls; i++) {
            RecordingSyscalls kernel = new RecordingSyscalls();
            kernel.directory("/b", 0700, 0, 0);
            kernel.transcript().failCall(i, enospc);
            FolderStore fresh = new FolderStore(kernel, AbsPath.of("/b"), "0123456789abcdef");
            try (Fd base = fresh.openBase()) {
                fresh.open(base, ALICE, "tmp", Lifetime.FOREVER, STICKY, Optional.empty(), warnings)
                        .close();
            } catch (SyscallException e) {
                assertEquals(enospc, e.errno());
            } catch (FolderStore.Unsafe e) {
                assertTrue(
                        e.getMessage().startsWith("cannot make /b/1000/tmp: No space left on device ("),
                        e.getMessage());
            }
            List<String> names = new ArrayList<>(kernel.names("/b"));
            if (names.contains("1000")) {
                names.addAll(kernel.names("/b/1000"));
            }
            names.removeAll(List.of("1000", "owner", "tmp"));
            assertEquals(List.of(), names, "left behind\n" + kernel.transcript());
            kernel.assertClean();
        }
    }

    private void found(String mode, long uid, long gid) {
        sys.directory("/var/lib/jns", 0700, 0, 0)
                .directory("/var/lib/jns/1000", 0700, 0, 0)
                .link("/var/lib/jns/1000/owner", 0, "alice");
        sys.directory("/var/lib/jns/1000/tmp", Integer.parseInt(mode, 8), uid, gid);
    }

    private static Ownership ownership(String mode, long uid, long gid) {
        return new Ownership(Integer.parseInt(mode, 8), uid, gid);
    }

    /** The existing folder is described first, then what the rule wants. */
    @ParameterizedTest
    @CsvSource({
        "0777, 0, 0,     0755, 0, 0",
        "0775, 0, 0,    0755, 0, 0",
        "0755, 1000, 0,  0755, 0, 0",
        "0700, 1000, 0,  0700, 0, 0",
        "0775, 0, 50,    0775, 0, 4",
        "0777, 0, 4,    0775, 0, 4",
        "0770, 0, 4,     1770, 0, 4"
    })
    void folderThatMorePeopleCouldWriteToIsRefused(
            String mode, long uid, long gid, String wanted, long wantedUid, long wantedGid) {
        found(mode, uid, gid);
        String why = assertThrows(FolderStore.Unsafe.class, () -> login(ALICE, ownership(wanted, wantedUid, wantedGid)))
                .getMessage();
        assertEquals(
                "cannot use /var/lib/jns/1000/tmp: it is " + mode + " " + uid + ":" + gid
                        + ", and more people could write to it than by the rule now (" + wanted + " " + wantedUid + ":"
                        + wantedGid + "); look at what is in it, then remove it or give it that owner and mode",
                why);
        assertEquals("folder " + mode + " " + uid + ":" + gid, sys.describe("/var/lib/jns/1000/tmp"));
    }

    @ParameterizedTest
    @CsvSource({
        "0700, 0, 0,     0755, 0, 0",
        "0755, 0, 0,    1777, 0, 0",
        "0777, 0, 0,     1777, 0, 0",
        "1777, 1000, 7,  1777, 0, 0",
        "0755, 0, 50,    0775, 0, 4",
        "0755, 0, 0,    0700, 1000, 1000"
    })
    void folderIsMadeWhatTheRuleWantsNow(String mode, long uid, long gid, String wanted, long wantedUid, long wantedGid)
            throws FolderStore.Unsafe {
        found(mode, uid, gid);
        login(ALICE, ownership(wanted, wantedUid, wantedGid));
        assertEquals("folder " + wanted + " " + wantedUid + ":" + wantedGid, sys.describe("/var/lib/jns/1000/tmp"));
    }

    @Test
    void modeOfTheUsersOwnFolderIsTheUsersToChange() throws FolderStore.Unsafe {
        found("0707", 1000, 1000);
        login(ALICE, ownership("0755", 1000, 1000));
        assertEquals("folder 0707 1000:1000", sys.describe("/var/lib/jns/1000/tmp"));
    }

    @Test
    void newFolderBeginsAsACopy() throws FolderStore.Unsafe {
        sys.directory("/skel", 0755, 0, 0)
                .file("/skel/.profile", 0644, 0, "text")
                .directory("/skel/bin", 0750, 0, 0)
                .file("/skel/bin/x", 04755, 0, "");
        sys.link("/skel/bin/link", 0, "/etc/shadow");
        try (Fd folder = sys.open(Optional.empty(), "/skel", OpenAs.PATH, Walk.NO_LINKS)) {
            skel = Optional.of(new FolderStore.Skel(folder, AbsPath.of("/skel")));
            String transcript = login(ALICE, new Ownership(01770, 1000, 100));
            assertTrue(transcript.lastIndexOf("copy ") < transcript.lastIndexOf("rename "), transcript);
            String there = "/var/lib/jns/1000/tmp/";
            assertEquals(List.of(".profile", "bin"), sys.names("/var/lib/jns/1000/tmp"));
            assertEquals("file 0644 1000:100", sys.describe(there + ".profile"));
            assertEquals("folder 0750 1000:100", sys.describe(there + "bin"));
            assertEquals("file 0755 1000:100", sys.describe(there + "bin/x"), "set-id bits would be the user's");
            assertEquals("link 0777 1000:100", sys.describe(there + "bin/link"));
            assertEquals("link 0777 0:0", sys.describe("/skel/bin/link"));
            sys.file("/skel/later", 0644, 0, "");
            login(ALICE, new Ownership(01770, 1000, 100));
            assertEquals(
                    List.of(".profile", "bin"), sys.names("/var/lib/jns/1000/tmp"), "an old folder stays as it is");
        }
    }

    @ParameterizedTest
    @CsvSource({"open, 18", "copy, 1", "copy, 2", "mkdir, 4", "symlink, 2", "create, 2", "list, 2"})
    void copyThatFailsLeavesNothing(String call, int nth) throws FolderStore.Unsafe {
        int enospc = 28;
        sys.directory("/skel", 0755, 0, 0)
                .file("/skel/a", 0644, 0, "text")
                .directory("/skel/b", 0750, 0, 0)
                .file("/skel/b/x", 0755, 0, "");
        sys.link("/skel/b/link", 0, "x").directory("/skel/b/y", 0755, 0, 0);
        try (Fd folder = sys.open(Optional.empty(), "/skel", OpenAs.PATH, Walk.NO_LINKS)) {
            skel = Optional.of(new FolderStore.Skel(folder, AbsPath.of("/skel")));
            sys.transcript().fail(call, nth, enospc);
            String why =
                    assertThrows(FolderStore.Unsafe.class, this::secondLogin).getMessage();
            assertTrue(
                    why.endsWith(
                            "; the file system of /var/lib/jns has no room or no free inodes left, see df /var/lib/jns and df -i /var/lib/jns"),
                    "[B11] " + why);
        }
        assertEquals(
                List.of("owner"),
                sys.names("/var/lib/jns/1000"),
                sys.transcript().toString());
    }
}
