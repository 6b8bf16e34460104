// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;

/** [C9] The effect of a line for SELinux on a machine that has none. */
class WithoutSelinuxTest {

    private static Imported imported(String line) {
        Accounts machine = new Accounts() {
            @Override
            public boolean hasUser(String name) {
                return true;
            }

            @Override
            public boolean hasGroup(String name) {
                return true;
            }

            @Override
            public boolean hasFile(String path) {
                return true;
            }

            @Override
            public boolean isOpenToUsers(String folder) {
                return false;
            }

            @Override
            public boolean hasSelinux() {
                return false;
            }
        };
        return Importer.read(
                List.of(new RulesSource("x", line.getBytes(StandardCharsets.UTF_8))),
                source -> Format.PAM_NAMESPACE,
                machine);
    }

    @Test
    void levelIsTheMethodUser() {
        Imported level = imported("/data /inst/ level root\n");
        assertFalse(level.isIncomplete());
        assertTrue(level.rules().contains("\n[data]\naction = private\ntarget = /data\n"), level.rules());
        assertTrue(level.remarks()
                .get(0)
                .toString()
                .startsWith("x:1: warning: SELinux is off on this machine, so pam_namespace took the method user"));
    }

    @Test
    void sharedOnesAreLeftOut() {
        Imported shared = imported("/data /inst/ context:shared\n");
        assertFalse(shared.isIncomplete());
        assertEquals(
                0, shared.rules().lines().filter(line -> line.startsWith("[")).count());
        assertTrue(
                shared.remarks().get(0).toString().contains("had no effect: SELinux is off"),
                shared.remarks().toString());
    }
}
