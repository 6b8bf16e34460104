// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jns.model.AbsPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderKeyTest {

    @ParameterizedTest
    @CsvSource({
        "/tmp, tmp",
        "/var/tmp, var-tmp",
        "/var-tmp, var%2dtmp",
        "/.x, %2ex",
        "/a/.x, a-.x",
        "/a%2db, a%252db",
        "/ä, %c3%a4",
        "'/a b', a%20b",
        "/owner, %6fwner",
        "/owner/x, owner-x",
        "/new-x, new%2dx"
    })
    void saysWhatTheTargetIs(String target, String key) {
        assertEquals(key, FolderKey.of(AbsPath.of(target)));
    }

    @Test
    void differentTargetsHaveDifferentNamesThatAreGoodForAFile() {
        Random random = new Random(3);
        Map<String, AbsPath> seen = new HashMap<>();
        List<String> pieces = List.of("a", "-", "%", ".", "2", "d", "/", "ä", " ", "x".repeat(60), "ö".repeat(50));
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder("/");
            int length = 1 + random.nextInt(9);
            for (int j = 0; j < length; j++) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            AbsPath target;
            try {
                target = AbsPath.of(text.toString());
            } catch (IllegalArgumentException e) {
                continue;
            }
            String key = FolderKey.of(target);
            AbsPath other = seen.put(key, target);
            assertTrue(other == null || other.equals(target), target + " and " + other + " are both " + key);
            assertTrue(
                    key.length() <= 200 && key.matches("[!-~]*") && !key.startsWith(".") && key.indexOf('/') < 0, key);
        }
        assertTrue(seen.size() > 5_000);
    }
}
