// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jns.model.Directive;
import org.jns.model.Rule;
import org.jns.model.Subject;
import org.jns.rules.Parsed;
import org.jns.rules.RuleMatcher;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The imported rules apply to the same users as pam_namespace's lines: tests/logins/import.sh compares pam_namespace
 * with the same table.
 */
class WhoTableTest {

    private static final Path TABLE = Path.of("src/test/resources/import/who.table");
    private static final List<Subject> SUBJECTS =
            List.of(subject("alice", 1000), subject("bob", 1001), subject("root", 0));

    @TestFactory
    Stream<DynamicTest> rulesAreForWhomTheLinesWere() throws IOException {
        List<String> rows = Files.readAllLines(TABLE).stream()
                .filter(row -> !row.isBlank() && !row.startsWith("#"))
                .toList();
        assertTrue(rows.size() > 40, rows.size() + " rows");
        return rows.stream().map(row -> DynamicTest.dynamicTest(row, () -> check(row.split(" *\\| *"))));
    }

    private static void check(String[] row) {
        Imported imported = People.read(row[0].replace(" // ", "\n") + "\n");
        List<String> seen = new ArrayList<>();
        for (Subject subject : SUBJECTS) {
            seen.add(imported.isIncomplete() ? "refused" : sees(imported, subject));
        }
        assertEquals(List.of(row).subList(1, 4), seen, imported.rules());
    }

    /** What the subject sees at /data. */
    private static String sees(Imported imported, Subject subject) {
        Parsed parsed =
                RulesParser.parse(List.of(new RulesSource("x", imported.rules().getBytes(StandardCharsets.UTF_8))));
        assertFalse(parsed.hasErrors(), parsed.problems().toString());
        List<Rule> chosen = RuleMatcher.select(parsed.rules(), subject).chosen();
        assertTrue(chosen.size() <= 1, "a login that two rules for one target are for is refused: " + chosen);
        if (chosen.isEmpty()) {
            return "host";
        }
        assertEquals("/data", chosen.get(0).directive().targets().get(0).text());
        return chosen.get(0).directive() instanceof Directive.Tmpfs ? "tmpfs" : "private";
    }

    private static Subject subject(String user, long uid) {
        return new Subject(user, uid, uid, user, Set.of(), "/home/" + user, "/bin/sh", "login", "");
    }
}
