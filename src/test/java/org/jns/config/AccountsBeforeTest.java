// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AccountsBeforeTest {
    private long now = TimeUnit.DAYS.toNanos(1);
    private final AccountsBefore before = new AccountsBefore(() -> now);

    private Optional<List<Long>> groups() {
        return before.groupsOf("alice", 1000).map(AccountsBefore.Groups::ids);
    }

    @Test
    void groupsAreRememberedForHalfADaySinceTheyWereConfirmed() {
        assertEquals(Optional.empty(), groups());
        before.rememberGroups("alice", 1000, List.of(7000L), Set.of("a"), Set.of());
        now += TimeUnit.HOURS.toNanos(12);
        assertEquals(Optional.of(List.of(7000L)), groups());
        before.rememberGroups("alice", 1000, List.of(7001L), Set.of(), Set.of());
        now += TimeUnit.HOURS.toNanos(12);
        assertEquals(Optional.of(List.of(7001L)), groups());
        now++;
        assertEquals(Optional.empty(), groups());
    }

    @Test
    void anotherAccountOfTheUidHasGroupsOfItsOwn() {
        before.rememberGroups("alice", 1000, List.of(7000L), Set.of(), Set.of());
        assertEquals(Optional.empty(), before.groupsOf("alice2", 1000));
        assertEquals(Optional.empty(), before.groupsOf("alice", 1001));
    }
}
