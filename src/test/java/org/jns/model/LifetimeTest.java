// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifetimeTest {
    @ParameterizedTest
    @CsvSource({"1m, 60", "90m, 5400", "12h, 43200", "30d, 2592000", "99999d, 8639913600"})
    void timesAreRead(String text, long seconds) {
        assertEquals(Optional.of(Lifetime.unused(seconds)), Lifetime.keep(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"forever", "boot", "logout", "1m", "90m", "12h", "30d", "99999d"})
    void whatIsWrittenIsReadTheSame(String text) {
        assertEquals(text, Lifetime.keep(text).orElseThrow().toString());
    }

    @ParameterizedTest
    @CsvSource({"60m, 1h", "24h, 1d", "1440m, 1d", "25h, 25h"})
    void aTimeHasOneWayToBeWritten(String text, String written) {
        assertEquals(written, Lifetime.keep(text).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "d",
                "0d",
                "01d",
                "-1d",
                "+1d",
                "1",
                "1s",
                "1w",
                "1 d",
                "1.5h",
                "100000d",
                "٣d",
                "session",
                "Logout",
                "999999999999999999999d"
            })
    void anythingElseIsNotALifetime(String text) {
        assertEquals(Optional.empty(), Lifetime.keep(text));
    }
}
