// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jns.linux.Errno;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.RuleSet;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** [E3] A missing feature of the kernel is found by trying it, and reported with the rule that needs it. */
class KernelTrialTest {
    private static final long PATIENCE_MS = 60_000;

    private RecordingSyscalls sys;

    @BeforeEach
    void host() {
        sys = new RecordingSyscalls();
        sys.directory("/run", 0755, 0, 0);
    }

    private static RuleSet rules(String text) {
        Parsed parsed = RulesParser.parse(List.of(new RulesSource("a.conf", text.getBytes(StandardCharsets.UTF_8))));
        assertFalse(parsed.hasErrors(), parsed.problems().toString());
        return parsed.rules();
    }

    private List<String> told(String rules) {
        return KernelTrial.of(rules(rules), () -> sys, PATIENCE_MS).stream()
                .map(one -> one.problem().toString())
                .toList();
    }

    @Test
    void oneStepOfEachKindIsMade() {
        assertEquals(
                List.of(),
                told(
                        "[o]\naction = overlay\nupper = discard\ntarget = /a\n[t]\naction = tmpfs\ntarget = /b\n[h]\naction = hide\ntarget = /c\n[h2]\naction = hide\ntarget = /d\n"));
        String made = sys.transcript().toString();
        assertEquals(1, made.lines().filter(line -> line.startsWith("overlay ")).count(), made);
        assertTrue(made.contains("unshare"), made);
    }

    @Test
    void whatIsRefusedIsToldWithItsRule() {
        sys.transcript().fail("overlay", 1, Errno.EOPNOTSUPP);
        List<String> told =
                told("[t]\naction = tmpfs\ntarget = /b\n[o]\naction = overlay\nupper = discard\ntarget = /a\n");
        assertEquals(1, told.size(), told.toString());
        assertTrue(
                told.get(0)
                        .startsWith("a.conf:4:1: everybody whom rule [o] is for would be refused: this kernel cannot"),
                told.toString());
    }

    @Test
    void whereNothingCanBeTriedNothingIsSaid() {
        sys.transcript().fail("unshare", 1, Errno.EPERM);
        assertEquals(List.of(), told("[o]\naction = overlay\nupper = discard\ntarget = /a\n"));
    }
}
