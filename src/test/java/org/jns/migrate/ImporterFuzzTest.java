// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jns.model.Printable;
import org.jns.model.Problem;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;

/**
 * Checks properties that hold for any bytes. Replays the files next to it; {@code JAZZER_FUZZ=1 mvn test
 * -Dtest=ImporterFuzzTest#namespaceConf} (or {@code #pamMount}) looks for new ones.
 */
class ImporterFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void namespaceConf(byte[] data) {
        holds(data, Format.PAM_NAMESPACE);
    }

    @FuzzTest(maxDuration = "2m")
    void pamMount(byte[] data) {
        holds(data, Format.PAM_MOUNT);
    }

    private static void holds(byte[] data, Format format) {
        List<RulesSource> sources = List.of(new RulesSource("x", data));
        Imported imported = Importer.read(sources, source -> format, new People());
        assertEquals(imported, Importer.read(sources, source -> format, new People()));
        Parsed parsed =
                RulesParser.parse(List.of(new RulesSource("y", imported.rules().getBytes(StandardCharsets.UTF_8))));
        assertEquals(
                List.of(), parsed.problems().stream().filter(Problem::isError).toList(), imported.rules());
        // An XML parser takes a carriage return for the end of a line.
        long lines = new String(data, StandardCharsets.ISO_8859_1).split("\r\n|[\r\n]", -1).length;
        for (Remark remark : imported.remarks()) {
            assertEquals("x", remark.file());
            assertTrue(remark.line() >= 1 && remark.line() <= lines, remark.toString());
            assertFalse(remark.message().isBlank());
            assertTrue(Printable.is(remark.toString()), remark.toString());
        }
        if (format == Format.PAM_NAMESPACE) {
            // Each line is either a comment or accounted for.
            long meant = new String(data, StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank() && !l.strip().startsWith("#"))
                    .count();
            long shown = imported.rules()
                    .lines()
                    .filter(l -> l.startsWith("# line "))
                    .count();
            assertTrue(shown >= Math.min(1, meant), imported.rules());
        }
    }
}
