// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdRangeTest {
    private static final String TABLE = "bob:1:2\nalice:100000:65536\n1000:5:6\nbad:x:1\n";

    private static Ids ids(String user, long own) {
        return new Ids(
                "users",
                own,
                name -> name.equals("daemon") ? OptionalLong.of(2) : OptionalLong.empty(),
                user::equals,
                "/etc/subuid",
                () -> TABLE,
                () -> "         0          0       1000\n      1000     100000      65536\n");
    }

    private static String map(String user, long own, IdRequest... requests) throws Refused {
        return IdRange.text(IdRequest.ranges(List.of(requests), ids(user, own))).replace('\n', ';');
    }

    /** No other range contains the ids of the single one, and a written range loses its last id instead. */
    @ParameterizedTest
    @CsvSource({
        "0, 1000, 0:100000:10, 0 1000 1;1 100000 9;",
        "5, 1000, 0:100000:10, 5 1000 1;0 100000 5;6 100005 4;",
        "0, 1000, 0:995:10, 0 1000 1;1 995 5;6 1001 4;",
        "7, 1000, 0:995:10, 7 1000 1;0 995 5;5 1001 2;8 1003 2;",
        "20, 1000, 0:100000:10, 20 1000 1;0 100000 10;",
        "10, 1000, 0:100000:10, 10 1000 1;0 100000 10;",
        "9, 1000, 0:100000:10, 9 1000 1;0 100000 9;",
    })
    void aSingleIdMakesAHole(long inside, long own, String range, String map) throws Refused {
        assertEquals(map, map("alice", own, new IdRequest.Single(inside), IdRequest.of(range)));
    }

    @Test
    void subordinateIdsMakeRoomForASingleOne() throws Refused {
        assertEquals(
                "0 1000 1;1 100000 65536;",
                map("alice", 1000, new IdRequest.Single(0), new IdRequest.Subordinate(false)));
        assertEquals(
                "1000 1000 1;0 100000 1000;1001 101000 64536;",
                map("alice", 1000, new IdRequest.Own(), new IdRequest.Subordinate(false)));
        assertEquals("0 100000 65536;", map("alice", 1000, new IdRequest.Subordinate(false)));
        assertEquals("100000 100000 65536;", map("alice", 1000, new IdRequest.Subordinate(true)));
    }

    @Test
    void theLastSingleIdCounts() throws Refused {
        assertEquals("0 1000 1;", map("alice", 1000, new IdRequest.Single(7), new IdRequest.Single(0)));
        assertEquals("2 1000 1;", map("alice", 1000, IdRequest.named("--map-user", "daemon")));
        assertEquals("", map("alice", 1000));
    }

    @Test
    void allIsTheCallersOwnMap() throws Refused {
        assertEquals("1000 1000 65536;0 0 1000;", map("alice", 0, new IdRequest.All()));
    }

    @ParameterizedTest
    @CsvSource({"10:20:3, 10 20 3;", "'20,10,3', 10 20 3;"})
    void rangesAreWrittenInBothOrders(String text, String map) throws Refused {
        assertEquals(map, map("alice", 1000, IdRequest.of(text)));
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "1:2",
        "1:2:3:4",
        "1:2:0",
        "a:b:c",
        "'1,2:3'",
        "-1:2:3",
        "4294967295:0:1",
        "0:0:4294967296",
        "99999999999:0:1",
        "Auto"
    })
    void whatIsNoRangeIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> IdRequest.of(text));
    }

    @Test
    void whoHasNoIdsIsTold() {
        assertEquals(
                "cannot map users: /etc/subuid has none for you; let root add a line USER:FIRST:COUNT, see usermod(8)",
                assertThrows(Refused.class, () -> map("carol", 1, new IdRequest.Subordinate(false)))
                        .getMessage());
        assertEquals(
                "cannot map users: the line 'bad:x:1' of /etc/subuid is wrong; write USER:FIRST:COUNT",
                assertThrows(Refused.class, () -> map("bad", 1, new IdRequest.Subordinate(false)))
                        .getMessage());
        assertEquals(
                "cannot map users: there is none called nobody-here (--map-user)",
                assertThrows(Refused.class, () -> map("alice", 1, IdRequest.named("--map-user", "nobody-here")))
                        .getMessage());
    }

    /** Every pair of ids comes from a range, no id appears twice, and there are as many as possible. */
    @Test
    void noIdIsMappedTwice() {
        for (int inside = 0; inside < 12; inside++) {
            for (int outside = 0; outside < 12; outside++) {
                List<IdRange> ranges =
                        IdRange.around(Optional.of(IdRange.one(inside, outside)), List.of(new IdRange(2, 3, 6)));
                long[] here = ranges.stream()
                        .flatMapToLong(r -> java.util.stream.LongStream.range(r.inside(), r.inside() + r.count()))
                        .toArray();
                long[] there = ranges.stream()
                        .flatMapToLong(r -> java.util.stream.LongStream.range(r.outside(), r.outside() + r.count()))
                        .toArray();
                assertEquals(
                        here.length, java.util.Arrays.stream(here).distinct().count(), ranges.toString());
                assertEquals(
                        there.length, java.util.Arrays.stream(there).distinct().count(), ranges.toString());
                boolean touches = (inside >= 2 && inside < 8) || (outside >= 3 && outside < 9);
                assertEquals(touches ? 6 : 7, here.length, ranges.toString());
            }
        }
    }
}
