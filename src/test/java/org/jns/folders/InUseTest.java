// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jns.linux.Errno;
import org.jns.linux.RecordingSyscalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InUseTest {
    private static final String PLAIN = "22 1 0:20 / / rw - ext4 /dev/sda rw\n";
    private static final Set<Long> USERS = Set.of(0L, 1000L, 1001L, 1002L, 1003L, 1004L, 1005L, 4711L);
    private static final Set<String> FOLDERS = Set.of("1000/tmp", "1000/var-tmp", "1001/tmp", "4711/tmp");
    private static final Set<Long> NAMESPACES = Set.of(1L, 7L, 8L, 9L, 17L);

    private final RecordingSyscalls sys = new RecordingSyscalls();

    @BeforeEach
    void prepare() {
        sys.directory("/proc", 0555, 0, 0).file("/proc/uptime", 0444, 0, "1");
        process(1, "S", "0\t0\t0\t0", "mnt:[1]", PLAIN);
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private void process(int pid, String state, String uids, String namespace, String mounts) {
        process(pid, 1, state, uids, namespace, mounts);
    }

    private void process(int pid, int parent, String state, String uids, String namespace, String mounts) {
        process(pid, parent, state, uids, namespace, "pid:[1]", mounts);
    }

    private void process(int pid, int parent, String state, String uids, String namespace, String pids, String mounts) {
        thread("/proc/" + pid, namespace, pids, mounts);
        status(pid, parent, state, uids, "\nThreads:\t1");
    }

    private void status(int pid, int parent, String state, String uids, String threads) {
        String text = "Name:\tx\nState:\t" + state + " (x)\nPPid:\t" + parent + "\nUid:\t" + uids + "\nGid:\t7\t7\t7\t7"
                + threads + "\n";
        sys.file("/proc/" + pid + "/status", 0444, 0, text);
    }

    private void thread(String folder, String namespace, String pids, String mounts) {
        sys.directory(folder, 0555, 0, 0)
                .directory(folder + "/ns", 0511, 0, 0)
                .link(folder + "/ns/mnt", 0, namespace)
                .link(folder + "/ns/pid", 0, pids);
        sys.file(folder + "/mountinfo", 0444, 0, mounts).link(folder + "/root", 0, "/");
    }

    private InUse folders() {
        return folders(() -> 0);
    }

    private InUse folders(LongSupplier clock) {
        return new Scan(sys, InUse.Question.ofFolders(USERS, FOLDERS, Set.of()), InUse.Except.NOBODY, clock).result();
    }

    private Set<Long> namespaces(Set<Integer> alone, Set<Integer> families) {
        return InUse.scan(
                        sys, InUse.Question.ofNamespaces(NAMESPACES, Set.of(1001L)), new InUse.Except(alone, families))
                .namespaces();
    }

    private Set<Long> namespaces() {
        return namespaces(Set.of(), Set.of());
    }

    private long tablesRead() {
        return sys.transcript()
                .toString()
                .lines()
                .filter(line -> line.contains("mountinfo"))
                .count();
    }

    @Test
    void everyOneOfTheFourUidsCounts() {
        process(7, "S", "1001\t1002\t1003\t1004", "mnt:[1]", "");
        assertEquals(Set.of(0L, 1001L, 1002L, 1003L, 1004L), folders().users());
    }

    @Test
    void theDeadDoNotCount() {
        process(7, "Z", "1001\t1001\t1001\t1001", "mnt:[7]", "");
        InUse inUse = folders();
        assertEquals(List.of(), inUse.doubts());
        assertFalse(inUse.hasProcess(1001));
    }

    /** [B6] */
    @Test
    void aProcessWhoseFirstThreadHasEndedLivesOnInTheOthers() {
        sys.directory("/proc/7", 0555, 0, 0)
                .directory("/proc/7/task", 0555, 0, 0)
                .directory("/proc/7/task/7", 0555, 0, 0);
        status(7, 1, "Z", "1001\t1001\t1001\t1001", "\nThreads:\t2");
        thread(
                "/proc/7/task/8",
                "mnt:[7]",
                "pid:[17]",
                "23 22 0:20 /var/lib/jns/1000/tmp /tmp rw - ext4 /dev/sda rw\n");
        assertEquals(Set.of(1L, 7L, 17L), namespaces());
        InUse inUse = folders();
        assertTrue(inUse.hasProcess(1001) && inUse.isMounted(1000, "tmp"));
        assertEquals(List.of(), inUse.doubts());
    }

    @Test
    void eachThreadIsLookedAt() {
        process(7, "S", "0\t0\t0\t0", "mnt:[7]", "");
        sys.directory("/proc/7/task", 0555, 0, 0);
        thread("/proc/7/task/7", "mnt:[7]", "pid:[1]", "");
        thread("/proc/7/task/8", "mnt:[8]", "pid:[1]", "23 22 0:20 /var/lib/jns/1000/tmp /tmp rw - ext4 /dev/sda rw\n");
        // With this many groups the number of threads is cut off.
        status(7, 1, "S", "0\t0\t0\t0", "\nGroups:\t" + "70000 ".repeat(1000) + "\nThreads:\t1");
        assertEquals(Set.of(1L, 7L, 8L), namespaces());
        assertTrue(folders().isMounted(1000, "tmp"));
    }

    @Test
    void anotherUsersViewShowsTheFolder() {
        process(7, "S", "0\t0\t0\t0", "mnt:[7]", "23 22 0:20 /var/lib/jns/1000/tmp /tmp rw - ext4 /dev/sda rw\n");
        InUse inUse = folders();
        assertTrue(inUse.isMounted(1000, "tmp"));
        assertFalse(inUse.isMounted(1000, "var-tmp"));
        assertFalse(inUse.isMounted(1001, "tmp"));
    }

    @Test
    void viewsThatAreKnownToShowNothingOfItAreNotRead() {
        process(7, "S", "1001\t1001\t1001\t1001", "mnt:[7]", PLAIN);
        InUse.scan(sys, InUse.Question.ofFolders(USERS, FOLDERS, Set.of(7L)), InUse.Except.NOBODY);
        assertEquals(1, tablesRead());
    }

    @Test
    void eachNamespaceIsReadOnce() {
        process(7, "S", "1001\t1001\t1001\t1001", "mnt:[1]", PLAIN);
        folders();
        assertEquals(1, tablesRead());
    }

    @Test
    void aProcessWithAnotherRootIsNotShownTheWholeTable() {
        process(7, "S", "1001\t1001\t1001\t1001", "mnt:[7]", "");
        sys.link("/proc/7/root", 0, "/srv/jail");
        process(
                8,
                "S",
                "1001\t1001\t1001\t1001",
                "mnt:[7]",
                "23 22 0:20 /var/lib/jns/1000/tmp /tmp rw - ext4 /dev/sda rw\n");
        assertTrue(folders().isMounted(1000, "tmp"));
    }

    @Test
    void noTableIsReadForNamespaces() {
        namespaces();
        assertEquals(0, tablesRead());
    }

    /** [B2] Anybody can make folders of any name, and mount them. */
    @Test
    void whatAUserOwnsTellsOfThatUsersFoldersAlone() {
        process(
                7,
                "S",
                "1001\t1001\t1001\t1001",
                "mnt:[7]",
                "23 22 0:20 /home/1000/tmp /x rw - ext4 /dev/sda rw\n24 22 0:20 /home/1001/tmp /x rw - ext4 /dev/sda rw\n");
        sys.ownsMounts("7", 1001);
        InUse inUse = folders();
        assertFalse(inUse.isMounted(1000, "tmp"));
        assertTrue(inUse.isMounted(1001, "tmp"));
    }

    /** [B2] */
    @Test
    void whatAUserOwnsWhomNobodyAsksAboutIsNotRead() {
        process(7, "S", "2000\t2000\t2000\t2000", "mnt:[7]", PLAIN);
        sys.ownsMounts("7", 2000);
        folders();
        assertEquals(1, tablesRead());
    }

    /** [B2] */
    @Test
    void aTableForWhichThereIsNoTimeIsADoubtAboutItsOwnerAlone() {
        process(7, "S", "1001\t1001\t1001\t1001", "mnt:[7]", PLAIN.repeat(100));
        process(8, "S", "1001\t1001\t1001\t1001", "mnt:[8]", PLAIN);
        process(9, "S", "1002\t1002\t1002\t1002", "mnt:[9]", PLAIN);
        sys.ownsMounts("7", 1001);
        sys.ownsMounts("8", 1001);
        sys.ownsMounts("9", 1002);
        long[] now = {0};
        InUse inUse = folders(() -> now[0] += 20_000_000);
        assertEquals(
                List.of(
                        "cannot tell what uid 1001 has mounted (pid 7): it is more than can be read in the time that a user has; private folders of that uid stay"),
                inUse.doubts().stream().map(Object::toString).toList());
        assertTrue(inUse.isMounted(1001, "tmp"));
        assertFalse(inUse.isMounted(1000, "tmp") || inUse.hasProcess(4711) || inUse.hasNamespace(4711));
        assertEquals(3, tablesRead());
        assertTrue(sys.transcript().calls() < 150, "the rest of the table was not read");
    }

    @Test
    void usersTogetherLeaveASmallShareForEach() {
        long[] now = {0};
        ReadingTime time = new ReadingTime(() -> now[0]);
        for (long uid = 0; uid < 51; uid++) {
            assertFalse(time.isOver(uid, now[0]));
            now[0] += 99_000_000;
            time.use(uid, now[0] - 99_000_000);
        }
        assertTrue(time.isOver(50, now[0]));
        assertFalse(time.isOver(51, now[0]));
        assertTrue(time.isOver(51, now[0] - 6_000_000));
    }

    @Test
    void aProcessThatEndsMeanwhileIsNoDoubt() {
        process(7, "S", "1001\t1001\t1001\t1001", "mnt:[7]", "");
        sys.transcript().fail("readlink", 3, Errno.ENOENT);
        assertEquals(List.of(), folders().doubts());
        sys.transcript().fail("readlink", 3, Errno.EACCES);
        sys.transcript().meanwhile("readlink", 3, () -> process(7, "Z", "1001\t1001\t1001\t1001", "mnt:[7]", ""));
        assertEquals(List.of(), folders().doubts());
    }

    /** [B2] */
    @Test
    void aRootThatIsTooDeepToBeToldIsNoDoubt() {
        process(
                7,
                "S",
                "1001\t1001\t1001\t1001",
                "mnt:[7]",
                "23 22 0:20 /var/lib/jns/1000/tmp /tmp rw - ext4 /dev/sda rw\n");
        sys.transcript().fail("readlink", 4, Errno.ENAMETOOLONG);
        InUse inUse = folders();
        assertEquals(List.of(), inUse.doubts());
        assertTrue(inUse.isMounted(1000, "tmp"));
    }

    /** [B6] A process chooses its name, in which the kernel escapes only line feeds. */
    @Test
    void theNameOfAProcessSaysNothingOfIt() {
        process(7, "S", "1001\t1001\t1001\t1001", "mnt:[7]", "");
        for (String end : List.of("\r", "\u0085", "\u2028")) {
            String text = "Name:\tx" + end
                    + "State:\tX\nState:\tS (x)\nPPid:\t1\nUid:\t1001\t1001\t1001\t1001\nThreads:\t1\n";
            sys.file("/proc/7/status", 0444, 0, text);
            assertTrue(folders().hasProcess(1001));
        }
    }

    @Test
    void whatCannotBeReadIsADoubt() {
        process(7, "S", "1001\t1001\t1001\t1001", "mnt:[7]", "");
        sys.transcript().fail("readlink", 3, Errno.EACCES);
        InUse inUse = folders();
        assertEquals(OptionalLong.empty(), inUse.doubts().get(0).owner());
        assertEquals(7, inUse.doubts().get(0).pid());
        assertTrue(inUse.hasProcess(4712));
        assertTrue(inUse.isMounted(4711, "tmp"));
        assertTrue(inUse.hasNamespace(4711));
    }

    @Test
    void whoeverIsLeftOutIsInNoNamespaceAndHoldsAllElse() {
        process(7, 1, "S", "0\t0\t0\t0", "mnt:[7]", "23 22 0:20 /1000/tmp /tmp rw - ext4 /dev/sda rw\n");
        process(8, 7, "S", "1000\t1000\t1000\t1000", "mnt:[7]", "");
        process(9, 8, "S", "1000\t1000\t1000\t1000", "mnt:[9]", "");
        assertEquals(Set.of(1L, 7L, 9L), namespaces());
        assertEquals(Set.of(1L, 7L, 9L), namespaces(Set.of(7), Set.of()), "its child is in there too");
        assertEquals(Set.of(1L, 9L), namespaces(Set.of(7, 8), Set.of()));
        assertEquals(Set.of(1L), namespaces(Set.of(), Set.of(7)));
        InUse inUse = folders();
        assertTrue(inUse.hasProcess(1000) && inUse.isMounted(1000, "tmp"));
    }

    @Test
    void whoIsInTheSameNamespaceWithoutDescendingCounts() {
        process(7, 1, "S", "0\t0\t0\t0", "mnt:[7]", "");
        process(8, 1, "S", "1000\t1000\t1000\t1000", "mnt:[7]", "");
        assertEquals(Set.of(1L, 7L), namespaces(Set.of(), Set.of(7)));
    }

    @Test
    void aPidNamespaceIsInUseByWhoIsInOtherMounts() {
        process(7, 1, "S", "0\t0\t0\t0", "mnt:[7]", "pid:[17]", "");
        process(8, 1, "S", "1000\t1000\t1000\t1000", "mnt:[8]", "pid:[17]", "");
        assertEquals(Set.of(1L, 8L, 17L), namespaces(Set.of(7), Set.of()));
        process(8, 1, "Z", "1000\t1000\t1000\t1000", "mnt:[8]", "pid:[17]", "");
        assertEquals(Set.of(1L), namespaces(Set.of(7), Set.of()));
    }

    private InUse sandboxes(Set<Integer> families) {
        return InUse.scan(
                sys, InUse.Question.ofNamespaces(Set.of(7L), Set.of(1001L)), new InUse.Except(Set.of(), families));
    }

    /** [B7] */
    @Test
    void whatAUserHasMadeOfAViewIsASandbox() {
        process(8, "S", "101000\t101000\t101000\t101000", "mnt:[8]", "");
        process(9, "S", "1002\t1002\t1002\t1002", "mnt:[9]", "");
        sys.ownsMounts("9", 1002);
        assertFalse(sandboxes(Set.of()).hasSandbox(1001));
        sys.ownsMounts("8", 1001);
        assertTrue(sandboxes(Set.of()).hasSandbox(1001));
        assertFalse(sandboxes(Set.of()).hasSandbox(1002));
        assertFalse(sandboxes(Set.of(8)).hasSandbox(1001), "a volume's own program");
    }

    @Test
    void parentsThatNeverEndCount() {
        process(7, 8, "S", "0\t0\t0\t0", "mnt:[7]", "");
        process(8, 7, "S", "0\t0\t0\t0", "mnt:[8]", "");
        assertEquals(Set.of(1L, 7L, 8L), namespaces(Set.of(), Set.of(4711)));
    }
}
