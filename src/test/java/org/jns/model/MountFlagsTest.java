// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountFlagsTest {

    @Test
    void haveTheNamesOfMount() {
        MountFlags all = MountFlags.NONE;
        for (String name : List.of("nosymfollow", "noexec", "nodev", "nosuid", "ro")) {
            MountFlags flag = MountFlags.named(name);
            assertEquals(name, flag.toString());
            assertFalse(all.has(flag));
            all = all.plus(flag);
            assertTrue(all.has(flag));
        }
        assertEquals("ro,nosuid,nodev,noexec,nosymfollow", all.toString());
        assertEquals(all, new MountFlags(31));
        for (String none : List.of("", "rw", "suid", "RO", "ro ")) {
            assertThrows(IllegalArgumentException.class, () -> MountFlags.named(none));
        }
    }

    @Test
    void plusNeverTakesAnyAway() {
        for (int a = 0; a < 32; a++) {
            for (int b = 0; b < 32; b++) {
                MountFlags sum = new MountFlags(a).plus(new MountFlags(b));
                assertTrue(sum.has(new MountFlags(a)) && sum.has(new MountFlags(b)));
                assertEquals(a | b, sum.bits());
                assertEquals(a & b, new MountFlags(a).and(new MountFlags(b)).bits());
            }
        }
    }

    @Test
    void emptyIsEmpty() {
        assertTrue(MountFlags.NONE.isEmpty() && MountFlags.NONE.toString().isEmpty());
        assertFalse(MountFlags.RO.isEmpty());
        assertThrows(IllegalArgumentException.class, () -> new MountFlags(32));
        assertThrows(IllegalArgumentException.class, () -> new MountFlags(-1));
    }
}
