// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.linux.Errno;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.AbsPath;
import org.jns.model.HidePid;
import org.jns.model.MountFlags;
import org.jns.model.Propagation;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanExecutorTest {
    private static final MountFlags NOSUID_NODEV = MountFlags.NOSUID.plus(MountFlags.NODEV);
    private static final Ownership STICKY = new Ownership(01777, 0, 0);
    private static final Ownership PLAIN = new Ownership(0755, 0, 0);

    private final Bench bench = new Bench();
    private final RecordingSyscalls sys = bench.sys;

    private static AbsPath path(String text) {
        return AbsPath.of(text);
    }

    private Step.PrivateFolder privateFolder(String onto, MountFlags flags) {
        return new Step.PrivateFolder(Bench.ORIGIN, path(onto), "key", STICKY, flags);
    }

    private Step.Bind bind(String from, String onto, MountFlags flags) {
        return new Step.Bind(Bench.ORIGIN, path(from), path(onto), flags);
    }

    private Step.Tmpfs tmpfs(String onto) {
        return new Step.Tmpfs(
                Bench.ORIGIN, path(onto), PLAIN, OptionalLong.empty(), OptionalLong.empty(), MountFlags.NONE);
    }

    private Step.MakeMountPoint mountPoint(String onto, boolean directory) {
        return new Step.MakeMountPoint(
                Bench.ORIGIN, path(onto), directory, new Ownership(directory ? 0750 : 0640, 7, 8));
    }

    private void applied(Outcome outcome, int mounts) {
        assertTrue(outcome instanceof Outcome.Applied, outcome + "\n" + sys.transcript());
        assertEquals(mounts, ((Outcome.Applied) outcome).mounts());
        assertEquals(List.of(), ((Outcome.Applied) outcome).warnings());
        ((Outcome.Applied) outcome).namespace().close();
        sys.assertClean();
    }

    private void failed(Outcome outcome, Step step, String why) {
        assertTrue(outcome instanceof Outcome.Failed, outcome + "\n" + sys.transcript());
        assertEquals(why, ((Outcome.Failed) outcome).why());
        assertSame(step, ((Outcome.Failed) outcome).step());
        assertTrue(
                !sys.transcript().toString().matches("(?s).*namespace = [0-9].*"),
                "a namespace that is half made was opened");
        sys.assertClean();
    }

    @Test
    void instanceIsPrivateAndNoWeakerThanWhatItHides() {
        sys.directory("/tmp", 01777, 0, 0);
        bench.instanceIsThere();
        applied(bench.execute(privateFolder("/tmp", NOSUID_NODEV)), 1);
        assertEquals(
                """
                open /instances DIRECTORY NO_LINKS = 4
                stat 4 = folder 0700 0:0
                open 4/1000 DIRECTORY INSIDE = 5
                stat 5 = folder 0700 0:0
                readlink 5/owner = alice
                readlink 5/.keep-key = ENOENT
                open 5/key DIRECTORY INSIDE = 6
                close 5
                stat 6 = folder 1777 0:0
                clone 6 = 5
                close 6
                close 4
                private 5
                restrict 5 nosuid,nodev
                attach 5 on 3
                namespace = 4
                close 5
                close 3
                close 4
                """,
                sys.transcript().toString());
    }

    @Test
    void bindTakesSubmountsAlong() {
        sys.directory("/lib32", 0755, 0, 0).directory("/lib", 0755, 0, 0);
        applied(bench.execute(bind("/lib32", "/lib", MountFlags.RO)), 1);
        assertEquals(
                """
                clone 4 with submounts = 5
                restrict 5 ro with submounts
                attach 5 on 3
                namespace = 6
                close 5
                close 3
                close 4
                close 6
                """,
                sys.transcript().toString());
    }

    @Test
    void withoutFlagsNothingIsRestricted() {
        sys.directory("/a", 0755, 0, 0).directory("/b", 0755, 0, 0);
        bench.instanceIsThere();
        applied(bench.execute(bind("/a", "/b", MountFlags.NONE), privateFolder("/a", MountFlags.NONE)), 2);
        assertTrue(
                !sys.transcript().toString().contains("restrict"),
                sys.transcript().toString());
    }

    @Test
    void whatLaterViewsAreToHaveIsCopiedBeforeItIsSealed() {
        sys.directory("/scratch", 0755, 0, 0);
        Step step = new Step.Tmpfs(
                Bench.ORIGIN, path("/scratch"), PLAIN, OptionalLong.empty(), OptionalLong.empty(), MountFlags.RO);
        bench.handedOn.want(step, "what");
        assertTrue(bench.execute(step) instanceof Outcome.Applied applied && close(applied));
        assertEquals(
                List.of("what"),
                bench.handedOn.copies().stream().map(HandedOn.Copy::what).toList());
        assertEquals(
                """
                tmpfs {mode=755, uid=0, gid=0} = 4
                attach 4 on 3
                clone 4 = 5
                restrict 4 ro
                namespace = 6
                close 4
                close 3
                close 6
                """,
                sys.transcript().toString());
        bench.handedOn.close();
        sys.assertClean();
    }

    private static boolean close(Outcome.Applied applied) {
        applied.namespace().close();
        return true;
    }

    @Test
    void whatIsThereFromAnOlderViewIsNotMadeAgain() {
        sys.directory("/scratch", 0755, 0, 0)
                .directory("/srv", 0755, 0, 0)
                .directory("/srv/a", 0755, 0, 0)
                .directory("/srv/over", 0755, 0, 0);
        Step tmpfs = tmpfs("/scratch");
        Step over = new Step.Overlay(
                Bench.ORIGIN,
                path("/srv/over"),
                List.of(path("/srv/a")),
                Optional.empty(),
                PLAIN,
                OptionalLong.empty(),
                OptionalLong.empty(),
                MountFlags.NONE);
        bench.handedOn.give(tmpfs, sys.fresh("tmpfs", Map.of(), MountFlags.NONE));
        bench.handedOn.give(over, sys.fresh("tmpfs", Map.of(), MountFlags.NONE));
        assertTrue(bench.execute(tmpfs, over) instanceof Outcome.Applied applied && close(applied));
        assertEquals(
                """
                attach 3 on 6
                attach 4 on 7
                namespace = 8
                """,
                sys.transcript().toString().replaceAll("(?s)(namespace = 8\n).*", "$1"));
        bench.handedOn.close();
        sys.assertClean();
    }

    /** The session gets in nevertheless. */
    @Test
    void aCopyThatFailsIsAWarning() {
        sys.directory("/scratch", 0755, 0, 0);
        Step step = tmpfs("/scratch");
        bench.handedOn.want(step, "what");
        sys.transcript().fail("clone", 1, Errno.EPERM);
        Outcome.Applied applied = (Outcome.Applied) bench.execute(step);
        assertEquals(
                List.of(
                        "cannot keep what will be in /scratch for the user's later views: Operation not permitted (clone 4)"),
                applied.warnings());
        assertEquals(List.of(), bench.handedOn.copies());
        applied.namespace().close();
        sys.assertClean();
    }

    @Test
    void tmpfsHasItsOptions() {
        sys.directory("/scratch", 0755, 0, 0);
        Step plain = tmpfs("/scratch");
        Step sized = new Step.Tmpfs(
                Bench.ORIGIN,
                path("/scratch/a"),
                new Ownership(03770, 1000, 50),
                OptionalLong.of(1 << 20),
                OptionalLong.of(99),
                NOSUID_NODEV);
        applied(bench.execute(plain, mountPoint("/scratch/a", true), sized), 2);
        assertEquals(
                """
                tmpfs {mode=755, uid=0, gid=0} = 4
                attach 4 on 3
                open /scratch DIRECTORY NO_LINKS = 5
                mkdir 5/a 0700
                open 5/a DIRECTORY INSIDE = 6
                stat 6 = folder 0700 0:0
                chown 6 7:8
                chmod 6 0750
                close 6
                close 5
                tmpfs {mode=3770, uid=1000, gid=50, size=1048576, nr_inodes=99} nosuid,nodev = 5
                open /scratch/a PATH NO_LINKS = 6
                attach 5 on 6
                close 6
                namespace = 6
                """,
                sys.transcript().toString().replaceAll("(?s)(namespace = 6\n).*", "$1"));
    }

    @Test
    void readOnlyComesWhenTheMountPointsInsideAreMade() {
        sys.directory("/home", 0755, 0, 0)
                .directory("/home/alice", 0700, 1000, 1000)
                .directory("/tmp", 01777, 0, 0);
        bench.instanceIsThere();
        MountFlags flags = MountFlags.RO.plus(MountFlags.NODEV);
        Step.Tmpfs homes =
                new Step.Tmpfs(Bench.ORIGIN, path("/home"), PLAIN, OptionalLong.empty(), OptionalLong.empty(), flags);
        Step.PassThrough own = passThrough("/home/alice", "/home/alice", Propagation.SLAVE);
        applied(
                bench.execute(
                        homes,
                        mountPoint("/home/alice", true),
                        own,
                        privateFolder("/tmp", flags),
                        mountPoint("/tmp/x", true)),
                3);
        String transcript = sys.transcript().toString();
        assertTrue(transcript.contains("tmpfs {mode=755, uid=0, gid=0} nodev = 7\nattach 7 on 3\n"), transcript);
        assertTrue(
                transcript.matches("(?s).*mkdir \\d+/x .*\nrestrict 7 ro\nrestrict 8 ro\nnamespace = .*"), transcript);
    }

    @Test
    void sealThatFailsIsTheStepsOwnFault() {
        sys.directory("/home", 0755, 0, 0);
        Step homes = new Step.Tmpfs(
                Bench.ORIGIN, path("/home"), PLAIN, OptionalLong.empty(), OptionalLong.empty(), MountFlags.RO);
        Outcome outcome = bench.execute(
                () -> sys.transcript().fail("restrict", 1, Errno.EPERM), homes, mountPoint("/home/a", true));
        failed(outcome, homes, "cannot put tmpfs on /home: Operation not permitted (restrict 4 ro)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dir", "file"})
    void hideShowsSomethingEmptyThatNothingRunsFrom(String kind) {
        sys.directory("/secret", 0755, 0, 0);
        applied(bench.execute(new Step.Hide(Bench.ORIGIN, path("/secret"), kind.equals("dir"))), 1);
        assertEquals(
                """
                open /hidden/KIND PATH NO_LINKS = 4
                clone 4 = 5
                close 4
                private 5
                restrict 5 ro,nosuid,nodev,noexec
                attach 5 on 3
                namespace = 4
                close 5
                close 3
                close 4
                """
                        .replace("KIND", kind),
                sys.transcript().toString());
    }

    @Test
    void readOnlyPutsTheTargetOnItselfWithItsSubmounts() {
        sys.directory("/opt", 0755, 0, 0);
        applied(bench.execute(new Step.ReadOnly(Bench.ORIGIN, path("/opt"), MountFlags.RO)), 1);
        assertEquals(
                """
                clone 3 with submounts = 4
                restrict 4 ro with submounts
                attach 4 on 3
                close 4
                namespace = 4
                close 3
                close 4
                """,
                sys.transcript().toString());
    }

    @Test
    void sourcesAreWhatTheyWereBeforeTheFirstStep() {
        sys.directory("/a", 0755, 0, 0)
                .directory("/b", 0755, 0, 0)
                .directory("/c", 0755, 0, 0)
                .file("/a/of-a", 0644, 0, "");
        applied(bench.execute(bind("/b", "/a", MountFlags.NONE), bind("/a", "/c", MountFlags.NONE)), 2);
        String transcript = sys.transcript().toString();
        assertTrue(transcript.lastIndexOf("clone") < transcript.indexOf("attach"), transcript);
        assertEquals(List.of("of-a"), sys.names("/c"));
        assertEquals(List.of(), sys.names("/a"));
    }

    @Test
    void targetBelowAnEarlierStepIsOpenedAfresh() {
        sys.directory("/a", 0755, 0, 0)
                .directory("/a/x", 0755, 0, 0)
                .directory("/b", 0755, 0, 0)
                .directory("/b/x", 0755, 0, 0);
        sys.directory("/c", 0755, 0, 0).file("/c/of-c", 0644, 0, "").directory("/ax", 0755, 0, 0);
        applied(
                bench.execute(
                        bind("/b", "/a", MountFlags.NONE),
                        bind("/c", "/a/x", MountFlags.NONE),
                        bind("/c", "/ax", MountFlags.NONE)),
                3);
        assertEquals(List.of("of-c"), sys.names("/a/x"), "mounted in what the first step shows");
        String transcript = sys.transcript().toString();
        assertTrue(transcript.contains("open /a/x PATH NO_LINKS"), transcript);
        assertTrue(!transcript.contains("open /ax "), "/ax only begins like /a");
    }

    @Test
    void readOnlyBelowAnEarlierStepIsOpenedAfreshToo() {
        sys.directory("/a", 0755, 0, 0)
                .directory("/b", 0755, 0, 0)
                .directory("/b/x", 0755, 0, 0)
                .file("/b/x/of-b", 0644, 0, "");
        sys.directory("/a/x", 0755, 0, 0);
        applied(
                bench.execute(
                        bind("/b", "/a", MountFlags.NONE),
                        new Step.ReadOnly(Bench.ORIGIN, path("/a/x"), MountFlags.RO)),
                2);
        assertEquals(List.of("of-b"), sys.names("/a/x"));
    }

    @Test
    void mountPointsAreMadeWithTheirOwner() {
        sys.directory("/scratch", 0755, 0, 0);
        applied(bench.execute(tmpfs("/scratch"), mountPoint("/scratch/d", true), mountPoint("/scratch/f", false)), 1);
        assertEquals("folder 0750 7:8", sys.describe("/scratch/d"));
        assertEquals("file 0640 7:8", sys.describe("/scratch/f"));
    }

    @Test
    void mountPointThatIsThereServes() {
        sys.directory("/a", 0755, 0, 0)
                .directory("/b", 0755, 0, 0)
                .directory("/b/d", 0700, 1000, 1000)
                .file("/b/f", 0600, 1000, "the user's");
        applied(
                bench.execute(bind("/b", "/a", MountFlags.NONE), mountPoint("/a/d", true), mountPoint("/a/f", false)),
                1);
        assertEquals("folder 0700 1000:1000", sys.describe("/a/d"), "what is the user's stays as it is");
        assertEquals("file 0600 1000:1000", sys.describe("/a/f"));
    }

    @ParameterizedTest
    @CsvSource({
        "folder, false, File exists",
        "file, true, Not a directory",
        "link, true, Not a directory",
        "link, false, File exists",
        "fifo, false, File exists",
        "fifo, true, Not a directory"
    })
    void mountPointOfTheWrongKindIsRefused(String there, boolean directory, String reason) {
        sys.directory("/a", 0755, 0, 0).directory("/b", 0755, 0, 0).directory("/etc", 0755, 0, 0);
        switch (there) {
            case "folder" -> sys.directory("/b/x", 0700, 1000, 1000);
            case "file" -> sys.file("/b/x", 0600, 1000, "");
            case "fifo" -> sys.fifo("/b/x");
            default -> sys.link("/b/x", 1000, "/etc");
        }
        String before = sys.describe("/b/x");
        Step second = mountPoint("/a/x", directory);
        failed(
                bench.execute(bind("/b", "/a", MountFlags.NONE), second),
                second,
                "cannot make the mount point /a/x: " + reason + " (mount point x)");
        assertEquals(before, sys.describe("/b/x"));
        assertEquals("folder 0755 0:0", sys.describe("/etc"));
    }

    @Test
    void folderThatAUserSwapsInIsNotGivenAnotherOwner() {
        sys.directory("/a", 0755, 0, 0).directory("/b", 0777, 1000, 1000).directory("/victim", 0700, 5, 5);
        Step second = mountPoint("/a/x", true);
        Outcome outcome = bench.execute(
                () -> sys.transcript().meanwhile("open", 2, () -> sys.swap("/a/x", "/victim")),
                bind("/b", "/a", MountFlags.NONE),
                second);
        // It serves as a mount point, and must stay unchanged.
        applied(outcome, 1);
        assertEquals("folder 0700 5:5", sys.describe("/a/x"));
        assertTrue(
                !sys.transcript().toString().contains("chown"), sys.transcript().toString());
    }

    @Test
    void linkThatAUserSwapsInIsNotFollowed() {
        sys.directory("/a", 0755, 0, 0)
                .directory("/b", 0777, 1000, 1000)
                .link("/trap", 1000, "/etc")
                .directory("/etc", 0755, 0, 0);
        Step second = mountPoint("/a/x", true);
        Outcome outcome = bench.execute(
                () -> sys.transcript().meanwhile("open", 2, () -> sys.swap("/a/x", "/trap")),
                bind("/b", "/a", MountFlags.NONE),
                second);
        failed(outcome, second, "cannot make the mount point /a/x: Too many levels of symbolic links (openat2 x)");
    }

    @Test
    void socketServesAsAMountPointForOne() {
        sys.directory("/a", 0755, 0, 0)
                .directory("/b", 0755, 0, 0)
                .socket("/b/x")
                .socket("/x");
        Step.PassThrough through = passThrough("/x", "/a/x", Propagation.SLAVE);
        applied(bench.execute(bind("/b", "/a", MountFlags.NONE), mountPoint("/a/x", false), through), 2);
    }

    private Step.PassThrough passThrough(String from, String onto, Propagation propagation) {
        return new Step.PassThrough(Bench.ORIGIN, path(from), path(onto), MountFlags.NOSUID, propagation);
    }

    @Test
    void passThroughShowsWhatTheHostHadBeforeTheFirstStep() {
        sys.directory("/tmp", 01777, 0, 0)
                .directory("/tmp/.X11-unix", 01777, 0, 0)
                .socket("/tmp/.X11-unix/X0")
                .socket("/tmp/s");
        applied(
                bench.execute(
                        tmpfs("/tmp"),
                        mountPoint("/tmp/.X11-unix", true),
                        passThrough("/tmp/.X11-unix", "/tmp/.X11-unix", Propagation.SLAVE),
                        mountPoint("/tmp/s", false),
                        passThrough("/tmp/s", "/tmp/s", Propagation.PRIVATE)),
                3);
        assertEquals(List.of("X0"), sys.names("/tmp/.X11-unix"));
        assertEquals("socket 0777 1000:1000", sys.describe("/tmp/s"));
        assertEquals("folder 1777 0:0", sys.describe("/tmp/.X11-unix"));
        assertEquals(
                """
                clone 4 with submounts = 6
                clone 5 with submounts = 7
                tmpfs {mode=755, uid=0, gid=0} = 8
                attach 8 on 3
                open /tmp DIRECTORY NO_LINKS = 9
                mkdir 9/.X11-unix 0700
                open 9/.X11-unix DIRECTORY INSIDE = 10
                stat 10 = folder 0700 0:0
                chown 10 7:8
                chmod 10 0750
                close 10
                close 9
                restrict 6 nosuid with submounts
                open /tmp/.X11-unix PATH NO_LINKS = 9
                attach 6 on 9
                close 9
                open /tmp DIRECTORY NO_LINKS = 9
                create 9/s = 10
                chown 10 7:8
                chmod 10 0640
                close 10
                close 9
                private 7 with submounts
                restrict 7 nosuid with submounts
                open /tmp/s PATH NO_LINKS = 9
                attach 7 on 9
                close 9
                namespace = 9
                """,
                sys.transcript().toString().replaceAll("(?s)(namespace = 9\n).*", "$1"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', false, {}",
        "INVISIBLE, false, {hidepid=invisible}",
        "'', true, {subset=pid}",
        "NOACCESS, true, '{hidepid=noaccess, subset=pid}'"
    })
    void procIsFreshAndHasItsOptions(String hidePid, boolean onlyPids, String options) {
        sys.directory("/proc", 0555, 0, 0);
        MountFlags flags = NOSUID_NODEV.plus(MountFlags.NOEXEC);
        Optional<HidePid> hidden = hidePid.isEmpty() ? Optional.empty() : Optional.of(HidePid.valueOf(hidePid));
        applied(bench.execute(new Step.Proc(Bench.ORIGIN, path("/proc"), hidden, onlyPids, flags)), 1);
        assertEquals(
                """
                proc OPTIONS nosuid,nodev,noexec = 4
                attach 4 on 3
                close 4
                namespace = 4
                close 3
                close 4
                """
                        .replace("OPTIONS", options),
                sys.transcript().toString());
    }

    @ParameterizedTest
    @EnumSource
    void propagationIsTheStepsOwn(Propagation propagation) {
        sys.directory("/a", 0755, 0, 0)
                .directory("/b", 0755, 0, 0)
                .directory("/c", 0755, 0, 0)
                .directory("/d", 0755, 0, 0);
        bench.instanceIsThere();
        applied(
                bench.execute(
                        new Step.Bind(Bench.ORIGIN, path("/a"), path("/b"), MountFlags.NONE, propagation),
                        new Step.ReadOnly(Bench.ORIGIN, path("/c"), MountFlags.RO, propagation),
                        new Step.PrivateFolder(
                                Bench.ORIGIN,
                                path("/d"),
                                "key",
                                STICKY,
                                Optional.empty(),
                                MountFlags.NONE,
                                propagation)),
                3);
        List<String> cut = sys.transcript()
                .toString()
                .lines()
                .filter(line -> line.startsWith("private"))
                .toList();
        boolean isPrivate = propagation == Propagation.PRIVATE;
        assertEquals(
                isPrivate ? List.of("private 7 with submounts", "private 8 with submounts", "private 9") : List.of(),
                cut);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void attachThatFailsEndsItAtItsStep(int k) {
        sys.directory("/a", 0755, 0, 0).directory("/b", 0755, 0, 0).directory("/c", 0755, 0, 0);
        bench.instanceIsThere();
        List<Step> steps =
                List.of(tmpfs("/a"), bind("/c", "/b", MountFlags.NONE), privateFolder("/c", MountFlags.NONE));
        List<String> doing = List.of("put tmpfs on /a", "bind /c on /b", "make /c private");
        Outcome outcome =
                bench.execute(() -> sys.transcript().fail("attach", k, Errno.EINVAL), steps.toArray(new Step[0]));
        String object = ((Outcome.Failed) outcome).why().replaceFirst(".*\\(", "(");
        failed(outcome, steps.get(k - 1), "cannot " + doing.get(k - 1) + ": Invalid argument " + object);
    }

    @Test
    void namespaceThatCannotBeOpenedIsNoStepsFault() {
        int emfile = 24;
        sys.directory("/a", 0755, 0, 0);
        Outcome outcome = bench.execute(() -> sys.transcript().fail("namespace", 1, emfile), tmpfs("/a"));
        failed(outcome, null, "cannot hand over the namespace: Too many open files (namespace)");
    }
}
