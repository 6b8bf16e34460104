// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {

    @ParameterizedTest
    @CsvSource({"'', 0", "abc, 3", "é, 1", "e\u0301, 1", "漢字, 4", "ｱ, 1", "한, 2", "🐧, 2", "a漢, 3", "Ж, 1"})
    void knowsHowWideTextIs(String text, int cells) {
        assertEquals(cells, Table.width(text));
    }

    private static String printed(Table table) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        table.print(writer);
        writer.flush();
        return out.toString();
    }

    @Test
    void columnsBeginBelowEachOther() {
        Table table = new Table();
        table.row("1", "漢字", "x", "end");
        table.row("10", "e\u0301", "", "@|bold x|@ %n");
        table.row("2", "🐧abc", "xyz", "");
        assertEquals(
                "  1   漢字   x    end\n" + "  10  e\u0301           @|bold x|@ %n\n" + "  2   🐧abc  xyz\n",
                printed(table));
    }

    @Test
    void noRowsAreNothing() {
        assertEquals("", printed(new Table()));
    }
}
