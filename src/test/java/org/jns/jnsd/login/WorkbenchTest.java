// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jns.linux.Fd;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WorkbenchTest {
    private static boolean isShort(long most, int newest, boolean makesView) {
        return Workbench.isShort(most, new Fd(newest, number -> {}), makesView);
    }

    @Test
    @DisplayName("[B12] the last descriptors are not for new views, and the very last for no user's session")
    void theLastDescriptorsAreKept() {
        assertFalse(isShort(20_000, 19_487, true));
        assertTrue(isShort(20_000, 19_488, true));
        assertFalse(isShort(20_000, 19_743, false));
        assertTrue(isShort(20_000, 19_744, false));
        assertFalse(isShort(64, 47, true));
        assertTrue(isShort(64, 48, true));
        assertFalse(isShort(0, 1_000_000, true), "no limit is known");
    }
}
