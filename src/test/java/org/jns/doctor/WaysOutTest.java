// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;

/** [A7] Programs that leave every view are reported if rules hide something. */
class WaysOutTest {
    private static final String CONFINE = "/usr/lib/snapd/snap-confine";
    private static final WaysOut SNAP = new WaysOut(List.of(CONFINE));

    private static List<Finding> on(WaysOut out, String rules) {
        return out.findings(
                RulesParser.parse(List.of(new RulesSource("a.conf", rules.getBytes(StandardCharsets.UTF_8))))
                        .rules());
    }

    @Test
    void rulesThatHideOrProtectAreGotAround() {
        List<Finding> hidden = on(SNAP, "[t]\naction = private\ntarget = /tmp\n[h]\naction = hide\ntarget = /opt\n");
        assertEquals(Finding.Severity.WARNING, hidden.get(0).severity());
        assertTrue(
                hidden.get(0).what().contains(CONFINE) && hidden.get(0).what().contains("[h] a.conf:4"),
                hidden.toString());
        assertEquals(1, on(SNAP, "[r]\naction = readonly\ntarget = /opt\n").size());
    }

    @Test
    void otherRulesAndOtherMachinesAreNotTold() {
        assertEquals(List.of(), on(SNAP, "[t]\naction = private\ntarget = /tmp\n"));
        assertEquals(List.of(), on(new WaysOut(List.of()), "[h]\naction = hide\ntarget = /opt\n"));
    }

    @Test
    void aProgramThatIsHiddenIsNoWayOut() {
        assertEquals(List.of(), on(SNAP, "[h]\naction = hide\ntarget = /opt, " + CONFINE + "\n"));
    }
}
