// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.jns.model.AbsPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountTableTest {

    /** In the kernel's format: /srv/deep is covered by the later mount on /srv. */
    private static final String MOUNTS =
            """
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            23 22 0:20 / /proc rw - proc proc rw
            24 22 0:21 / /tmp rw,nosuid - tmpfs tmpfs rw
            25 24 8:1 /var/lib/jns/1001/tmp /tmp rw,nosuid,nodev master:1 - ext4 /dev/sda1 rw
            26 22 0:22 / /mnt/with\\040blank rw - tmpfs none rw
            30 22 0:30 / /srv rw - tmpfs low rw
            31 30 0:31 / /srv/deep rw - tmpfs deep rw
            32 30 0:32 / /srv rw - tmpfs high rw
            """;

    @ParameterizedTest
    @CsvSource({
        "/, 22",
        "/etc/passwd, 22",
        "/tmp, 25",
        "/tmp/a/b, 25",
        "/tmpx, 22",
        "/proc/1, 23",
        "'/mnt/with blank/x', 26",
        "/srv, 32",
        "/srv/deep/x, 32"
    })
    void knowsTheMountThatShowsAPath(String path, int id) {
        assertEquals(
                id,
                MountTable.parse(MOUNTS).showing(AbsPath.of(path)).orElseThrow().id());
    }

    @Test
    void theRootItselfMayBeCovered() {
        MountTable table = MountTable.parse(
                "1 0 0:1 / / rw - rootfs rootfs rw\n2 1 8:1 / / rw - ext4 /dev/sda1 rw\n3 2 0:3 / /a rw - tmpfs t rw\n4 1 0:4 / /a rw - tmpfs below rw\n");
        assertEquals(2, table.showing(AbsPath.of("/b")).orElseThrow().id());
        assertEquals(3, table.showing(AbsPath.of("/a")).orElseThrow().id());
    }

    @Test
    void aMountThatIsItsOwnParentIsNoEndlessWay() {
        assertEquals(
                1,
                MountTable.parse("1 1 0:1 / / rw - rootfs rootfs rw\n")
                        .showing(AbsPath.of("/b"))
                        .orElseThrow()
                        .id());
    }

    @Test
    void whatIsNoLineIsPassedOver() {
        assertEquals(Optional.empty(), MountTable.parse("").showing(AbsPath.of("/")));
        assertEquals(
                Optional.empty(),
                MountTable.parse("rubbish\n1 2 3\na b c / / rw - x y z\n1 2 0:1 / relative rw - x y z\n")
                        .showing(AbsPath.of("/")));
    }

    @Test
    void theRealTableHasARoot() {
        MountTable table =
                new ProcFolder().mounts((int) ProcessHandle.current().pid()).orElseThrow();
        assertEquals(
                "proc", table.showing(AbsPath.of("/proc/self")).orElseThrow().type());
        assertTrue(table.showing(AbsPath.ROOT).isPresent());
    }
}
