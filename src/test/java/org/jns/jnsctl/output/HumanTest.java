// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import org.jns.folders.PrivateFolders.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "1048524, 1023.9 KiB",
        "1048575, 1.0 MiB",
        "1073741824, 1.0 GiB",
        "9223372036854775807, 8192.0 PiB"
    })
    void bytesHaveAUnit(long bytes, String text) {
        assertEquals(text, Human.bytes(bytes));
    }

    @Test
    void whatWasNotCountedToItsEndIsMore() {
        assertEquals(">1.0 KiB", Human.size(new Size(1024, true).plus(new Size(0, false))));
        assertEquals("0 B", Human.size(Size.NONE));
    }

    @Test
    void ofTodayTheTimeIsEnough() {
        ZoneId zone = ZoneId.of("Europe/Vienna");
        Instant now = Instant.parse("2026-07-01T22:30:00Z");
        assertEquals(
                "00:15:07", Human.time(Instant.parse("2026-07-01T22:15:07Z").getEpochSecond(), now, zone));
        assertEquals(
                "2026-07-01 23:59",
                Human.time(Instant.parse("2026-07-01T21:59:59Z").getEpochSecond(), now, zone));
    }

    @Test
    void oneIsNotMany() {
        assertEquals("0 views", Human.count(0, "view"));
        assertEquals("1 view", Human.count(1, "view"));
    }
}
