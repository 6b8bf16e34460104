// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {

    /** The rule takes precedence over the settings, and a folder of the session over both. */
    @ParameterizedTest
    @CsvSource({
        "forever, , USER, false",
        "forever, , NONE, true",
        "forever, USER, USER, false",
        "forever, USER, NONE, false",
        "logout, NONE, USER, true",
        "boot, NONE, NONE, true",
        "session, , USER, true",
        "session, , NONE, true",
        "session, USER, USER, true",
        "session, USER, NONE, true",
        "session, NONE, USER, true"
    })
    void aViewIsTheSessionsOwn(String lifetime, Sharing says, Sharing usual, boolean own) {
        Terms kept = Terms.USUAL.withLifetime(Lifetime.keep(lifetime).orElse(Lifetime.SESSION));
        Terms terms = Optional.ofNullable(says).map(kept::withSharing).orElse(kept);
        assertEquals(own, hiding(terms).hasOwnView(usual));
    }

    /** If rules of one view differ, the one that keeps the owner out decides. */
    @ParameterizedTest
    @CsvSource({", ROOT, false", ", OWNER, true", "OWNER, ROOT, true", "ROOT, OWNER, false"})
    void theOwnerMayEnter(Entrance says, Entrance usual, boolean may) {
        Rule rule =
                hiding(Optional.ofNullable(says).map(Terms.USUAL::withEntrance).orElse(Terms.USUAL));
        Rule open = new Rule("open", rule.at(), List.of(), List.of(), rule.directive())
                .with(Terms.USUAL.withEntrance(Entrance.OWNER));
        Rule closed = new Rule("closed", rule.at(), List.of(), List.of(), rule.directive())
                .with(Terms.USUAL.withEntrance(Entrance.ROOT));
        RuleSet rules = new RuleSet(List.of(rule, open, closed));
        assertEquals(may, rule.letsOwnerIn(usual));
        assertEquals(may, rules.letsOwnerIn(List.of("r"), usual));
        assertEquals(may, rules.letsOwnerIn(List.of("r", "open"), usual));
        assertFalse(rules.letsOwnerIn(List.of("r", "open", "closed"), usual));
        assertFalse(rules.letsOwnerIn(List.of("r", "gone"), usual));
    }

    private static Rule hiding(Terms terms) {
        Directive hide = new Directive.Hide(List.of(), MountOptions.NONE);
        return new Rule("r", new Position("x.conf", 1, 1), List.of(), List.of(), hide).with(terms);
    }
}
