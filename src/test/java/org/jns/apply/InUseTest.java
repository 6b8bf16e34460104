// SPDX-License-Identifier: Apache-2.0
package org.jns.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.jns.sys.Errno;
import org.jns.sys.RecordingSyscalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InUseTest {
    private static final String PLAIN = "22 1 0:20 / / rw - ext4 /dev/sda rw\n";

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
        String folder = "/proc/" + pid;
        sys.directory(folder, 0555, 0, 0).directory(folder + "/ns", 0511, 0, 0).link(folder + "/ns/mnt", 0, namespace).link(folder + "/ns/pid", 0, pids);
        sys.file(folder + "/status", 0444, 0, "Name:\tx\nState:\t" + state + " (x)\nPPid:\t" + parent + "\nUid:\t" + uids + "\nGid:\t7\t7\t7\t7\n");
        sys.file(folder + "/mountinfo", 0444, 0, mounts);
    }

    private static Set<String> folders(String mountinfo) {
        Set<String> mounted = new HashSet<>();
        InUse.addFolders(mountinfo, mounted);
        return mounted;
    }

    @Test
    void everyOneOfTheFourUidsCounts() {
        process(7, "S", "1001\t1002\t1003\t1004", "mnt:[1]", "");
        assertEquals(Set.of(0L, 1001L, 1002L, 1003L, 1004L), InUse.scan(sys).users());
    }

    @Test
    void theDeadDoNotCount() {
        process(7, "Z", "1001\t1001\t1001\t1001", "mnt:[7]", "");
        InUse inUse = InUse.scan(sys);
        assertTrue(inUse.certain());
        assertFalse(inUse.hasProcess(1001));
    }

    @Test
    void anotherUsersViewShowsTheFolder() {
        process(7, "S", "0\t0\t0\t0", "mnt:[7]", "23 22 0:20 /var/lib/jns/1000/tmp /tmp rw - ext4 /dev/sda rw\n");
        InUse inUse = InUse.scan(sys);
        assertTrue(inUse.isMounted(1000, "tmp"));
        assertFalse(inUse.isMounted(1000, "var-tmp"));
        assertFalse(inUse.isMounted(1001, "tmp"));
    }

    @Test
    void eachNamespaceIsReadOnce() {
        process(7, "S", "1001\t1001\t1001\t1001", "mnt:[1]", PLAIN);
        InUse.scan(sys);
        assertEquals(1, sys.transcript().toString().lines().filter(line -> line.contains("mountinfo")).count());
    }

    @Test
    void aProcessThatEndsMeanwhileIsNoDoubt() {
        process(7, "S", "1001\t1001\t1001\t1001", "mnt:[7]", "");
        sys.transcript().fail("readlink", 3, Errno.ENOENT);
        sys.transcript().meanwhile("readlink", 3, () -> process(7, "Z", "1001\t1001\t1001\t1001", "mnt:[7]", ""));
        assertTrue(InUse.scan(sys).certain());
    }

    @Test
    void whatCannotBeReadIsADoubt() {
        process(7, "S", "1001\t1001\t1001\t1001", "mnt:[7]", "");
        sys.transcript().fail("readlink", 3, Errno.EACCES);
        InUse inUse = InUse.scan(sys);
        assertFalse(inUse.certain());
        assertTrue(inUse.hasProcess(4711));
        assertTrue(inUse.isMounted(4711, "tmp"));
    }

    private Set<Long> namespaces(Set<Integer> alone, Set<Integer> families) {
        return InUse.scan(sys, new InUse.Except(alone, families)).namespaces();
    }

    @Test
    void whoeverIsLeftOutIsInNoNamespaceAndHoldsAllElse() {
        process(7, 1, "S", "0\t0\t0\t0", "mnt:[7]", "23 22 0:20 /1000/tmp /tmp rw - ext4 /dev/sda rw\n");
        process(8, 7, "S", "1000\t1000\t1000\t1000", "mnt:[7]", "");
        process(9, 8, "S", "1000\t1000\t1000\t1000", "mnt:[9]", "");
        assertEquals(Set.of(1L, 7L, 9L), namespaces(Set.of(), Set.of()));
        assertEquals(Set.of(1L, 7L, 9L), namespaces(Set.of(7), Set.of()), "its child is in there too");
        assertEquals(Set.of(1L, 9L), namespaces(Set.of(7, 8), Set.of()));
        assertEquals(Set.of(1L), namespaces(Set.of(), Set.of(7)));
        InUse inUse = InUse.scan(sys, new InUse.Except(Set.of(), Set.of(7)));
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

    @Test
    void parentsThatNeverEndCount() {
        process(7, 8, "S", "0\t0\t0\t0", "mnt:[7]", "");
        process(8, 7, "S", "0\t0\t0\t0", "mnt:[8]", "");
        assertEquals(Set.of(1L, 7L, 8L), namespaces(Set.of(), Set.of(4711)));
    }

    @Test
    void foldersBelowAndOverlaysAreFound() {
        assertEquals(Set.of("1000/tmp"), folders("1 2 0:1 /1000/tmp/deep/er /x rw shared:1 - ext4 /dev/a rw"));
        assertEquals(
                Set.of("1000/%overlay-srv"),
                folders("1 2 0:1 / /srv rw - overlay overlay rw,lowerdir=/srv,upperdir=/var/lib/jns/1000/%overlay-srv/upper,workdir=/w"));
        assertEquals(Set.of("1000/a\\b", "7/1000"), folders("1 2 0:1 /7/1000/a\\134b /x rw - ext4 /dev/a rw"));
        assertEquals(Set.of(), folders("garbage\n\n1 2 3\n"));
    }
}
