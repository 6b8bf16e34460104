// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShownFoldersTest {
    private static final Set<String> ALL =
            Set.of("1000/tmp", "1000/%overlay-srv", "1000/a\\b", "7/1000", "1000/" + "x".repeat(255), "1000/", "/1000");

    private static Set<String> folders(String mountinfo, int piece) {
        Set<String> found = new HashSet<>();
        ShownFolders reader = new ShownFolders(ALL, found);
        byte[] all = mountinfo.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < all.length; at += piece) {
            reader.read(Arrays.copyOfRange(all, at, Math.min(all.length, at + piece)));
        }
        return found;
    }

    /** [B1] */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8192})
    void foldersBelowAndOverlaysAreFoundInPiecesOfAnySize(int piece) {
        assertEquals(Set.of("1000/tmp"), folders("1 2 0:1 /1000/tmp/deep/er /x rw shared:1 - ext4 /dev/a rw\n", piece));
        assertEquals(
                Set.of("1000/%overlay-srv"),
                folders(
                        "1 2 0:1 / /srv rw - overlay overlay rw,lowerdir=/srv,upperdir=/var/lib/jns/1000/%overlay-srv/upper,workdir=/w\n",
                        piece));
        assertEquals(Set.of("1000/a\\b", "7/1000"), folders("1 2 0:1 /7/1000/a\\134b /x rw - ext4 /dev/a rw\n", piece));
        assertEquals(
                Set.of("1000/tmp", "7/1000"),
                folders(
                        "1 2 0:1 /7/1000 /x rw master:2 - ext4 /dev/a rw\n1 2 0:1 /1000/tmp//deleted /x rw - ext4 - rw\n",
                        piece));
        assertEquals(
                Set.of("1000/" + "x".repeat(255)),
                folders("1 2 0:1 /1000/" + "x".repeat(255) + " /x rw - ext4 /dev/a rw\n", piece));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8192})
    void nothingElseIs(int piece) {
        assertEquals(Set.of(), folders("garbage\n\n1 2 3\n - - - - - - - -\n", piece));
        assertEquals(
                Set.of(),
                folders("1 2 0:1 / /1000/tmp rw - ext4 /1000/tmp rw\n", piece),
                "where it is mounted, and from what");
        assertEquals(
                Set.of(),
                folders("1 2 0:1 /1000\\057tmp /x rw - ext4 /dev/a rw\n", piece),
                "a slash is never written so");
        assertEquals(
                Set.of(),
                folders("1 2 0:1 /x1000/tmp /x rw - ext4 /dev/a rw\n1 2 0:1 1000/tmp /x rw - ext4 /dev/a rw\n", piece));
        assertEquals(Set.of(), folders("1 2 0:1 /1000/" + "x".repeat(256) + " /x rw - ext4 /dev/a rw\n", piece));
        assertEquals(
                Set.of(),
                folders("1 2 0:1 /1000 /x rw - ext4 /tmp /1000\n1 2 0:1 /tmp /x - - ext4 /dev/a rw\n", piece),
                "no name goes over the end of a field");
    }
}
