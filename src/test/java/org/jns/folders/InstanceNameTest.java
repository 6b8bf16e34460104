// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceNameTest {
    private static final String SESSION = "0123456789abcdef";
    private static final String BOOT = SESSION + SESSION;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tmp",
                "var-tmp",
                "keep-tmp",
                "session-0123456789abcdef-tmp",
                "%share-a",
                "%overlay-srv-x",
                "a.b",
                "x-.keep-y"
            })
    void whatIsMadeIsReadAgain(String key) {
        for (InstanceName name : List.of(InstanceName.session(SESSION, key), InstanceName.boot(BOOT, key))) {
            assertEquals(Optional.of(name), InstanceName.parse(name.folder()));
        }
        assertEquals(
                Optional.of(InstanceName.user(key)),
                InstanceName.parse(InstanceName.user(key).record()));
        assertEquals(key, InstanceName.user(key).folder());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "owner",
                "tmp",
                "keep-tmp",
                ".new-1a2b",
                ".session-x-tmp",
                ".session-0123456789abcdef-",
                ".session-0123456789ABCDEF-tmp",
                ".boot-0123456789abcdef-tmp",
                "x.session-0123456789abcdef-tmp"
            })
    void otherFilesHaveNoLifetime(String file) {
        assertEquals(Optional.empty(), InstanceName.parse(file));
    }

    @Test
    void theLongestKeyFits() {
        String longest = "%overlay-" + "x".repeat(200);
        assertTrue(InstanceName.boot(BOOT, longest).folder().length() <= 255);
        assertTrue(InstanceName.user(longest).record().length() <= 255);
    }
}
