// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderNameTest {
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
        for (FolderName name : List.of(FolderName.session(SESSION, key), FolderName.boot(BOOT, key))) {
            assertEquals(Optional.of(name), FolderName.parse(name.folder()));
        }
        assertEquals(
                Optional.of(FolderName.user(key)),
                FolderName.parse(FolderName.user(key).note()));
        assertEquals(key, FolderName.user(key).folder());
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
        assertEquals(Optional.empty(), FolderName.parse(file));
    }

    @Test
    void theLongestKeyFits() {
        String longest = "%overlay-" + "x".repeat(200);
        assertTrue(FolderName.boot(BOOT, longest).folder().length() <= 255);
        assertTrue(FolderName.user(longest).note().length() <= 255);
    }
}
