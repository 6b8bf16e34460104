// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.model.AbsPath;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastGoodTest {
    private static final List<RulesSource> SOURCES = List.of(
            source("/etc/jns/rules.d/a b.conf", "[tmp]\naction = private\ntarget = /tmp\n"),
            source("/etc/jns/rules.d/empty.conf", ""),
            source("/etc/jns/rules.d/ä.conf", "5 x\nabcde\0\u00ff"));

    private static RulesSource source(String name, String text) {
        return new RulesSource(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertSame(List<RulesSource> expected, List<RulesSource> found) {
        assertEquals(
                expected.stream().map(RulesSource::name).toList(),
                found.stream().map(RulesSource::name).toList());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).bytes(), found.get(i).bytes());
        }
    }

    @Test
    void whatIsKeptComesBack() {
        assertSame(SOURCES, LastGood.decode(LastGood.encode(SOURCES)).orElseThrow());
        assertSame(List.of(), LastGood.decode(LastGood.encode(List.of())).orElseThrow());
    }

    /** Fewer rules than were in force would isolate fewer people, and nobody would be told. */
    @Test
    void whatIsCutOffIsNothing() {
        for (List<RulesSource> sources : List.of(SOURCES, List.<RulesSource>of())) {
            byte[] whole = LastGood.encode(sources);
            for (int length = 0; length < whole.length; length++) {
                assertEquals(
                        Optional.empty(),
                        LastGood.decode(Arrays.copyOf(whole, length)),
                        "the first " + length + " bytes of " + whole.length);
            }
        }
    }

    @Test
    void moreThanThereShouldBeIsNothing() {
        byte[] whole = LastGood.encode(SOURCES);
        assertEquals(Optional.empty(), LastGood.decode(Arrays.copyOf(whole, whole.length + 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "\n",
                "1\n-1 x\n",
                "1\n99999999 x\n",
                "1\n999999999 x\n",
                "1\n2147483647 x\n",
                "1\n3\nabc",
                "0 x\n",
                "-1\n",
                "1\n1 x\nab",
                "99999999999\n"
            })
    void rubbishIsNothing(String text) {
        assertEquals(Optional.empty(), LastGood.decode(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void fileIsWrittenWholeAndThenTakesItsPlace() {
        RecordingSyscalls sys = new RecordingSyscalls();
        sys.directory("/var", 0700, 0, 0);
        LastGood lastGood = new LastGood(sys, AbsPath.of("/var/rules"));
        lastGood.keep(SOURCES);
        assertSame(SOURCES, lastGood.sources().orElseThrow());
        sys.transcript().clear();
        lastGood.keep(SOURCES);
        assertTrue(!sys.transcript().toString().contains("write"), "written again, although it says the same");
        int enospc = 28;
        sys.transcript().fail("write", 1, enospc);
        SyscallException full = org.junit.jupiter.api.Assertions.assertThrows(
                SyscallException.class, () -> lastGood.keep(SOURCES.subList(0, 1)));
        assertEquals(enospc, full.errno());
        assertSame(SOURCES, lastGood.sources().orElseThrow());
        lastGood.keep(SOURCES.subList(0, 1));
        assertSame(SOURCES.subList(0, 1), lastGood.sources().orElseThrow());
        assertEquals(List.of("rules"), sys.names("/var"));
        sys.assertClean();
    }

    @Test
    void onlyAFileOfRootsIsTrusted() {
        String content = new String(LastGood.encode(SOURCES), StandardCharsets.UTF_8);
        for (long uid : List.of(0L, 1000L)) {
            for (int mode : List.of(0600, 0666)) {
                RecordingSyscalls sys = new RecordingSyscalls();
                sys.file("/rules", mode, uid, content);
                assertEquals(
                        uid == 0 && mode == 0600,
                        new LastGood(sys, AbsPath.of("/rules")).sources().isPresent());
            }
        }
        RecordingSyscalls sys = new RecordingSyscalls();
        sys.file("/real", 0600, 0, content).link("/rules", 0, "real");
        assertTrue(new LastGood(sys, AbsPath.of("/rules")).sources().isEmpty());
    }
}
