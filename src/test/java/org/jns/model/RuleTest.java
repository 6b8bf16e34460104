// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {

    /** The rule's word goes before that of the settings, and a folder of the session's own before both. */
    @ParameterizedTest
    @CsvSource({
        "forever, , USER, false", "forever, , NONE, true",
        "forever, USER, USER, false", "forever, USER, NONE, false",
        "logout, NONE, USER, true", "boot, NONE, NONE, true",
        "session, , USER, true", "session, , NONE, true", "session, USER, USER, true", "session, USER, NONE, true", "session, NONE, USER, true"
    })
    void aViewIsTheSessionsOwn(String lifetime, Sharing says, Sharing usual, boolean own) {
        Terms kept = Terms.USUAL.withLifetime(Lifetime.keep(lifetime).orElse(Lifetime.SESSION));
        Terms terms = Optional.ofNullable(says).map(kept::withSharing).orElse(kept);
        Directive hide = new Directive.Hide(List.of(), MountOptions.NONE);
        Rule rule = new Rule("r", new Position("x.conf", 1, 1), List.of(), List.of(), hide).with(terms);
        assertEquals(own, rule.hasOwnView(usual));
    }
}
