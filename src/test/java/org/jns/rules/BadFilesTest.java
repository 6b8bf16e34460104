// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each bad file of rules/bad-files.txt gives exactly the lines that follow it there. */
class BadFilesTest {

    private record Case(String name, String file, String expected) {}

    @TestFactory
    Stream<DynamicTest> badFiles() {
        List<Case> cases = cases();
        assertTrue(cases.size() > 50, "the table has only " + cases.size() + " files");
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c)));
    }

    private static void check(Case bad) {
        Parsed parsed = RulesParser.parse(List.of(new RulesSource("x.conf", Texts.bytes(bad.file()))));
        assertEquals(bad.expected(), Texts.lines(parsed.problems()));
        assertTrue(parsed.hasErrors());
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String block : Texts.resource("/rules/bad-files.txt").split("(?m)^=== ")) {
            if (block.startsWith("//")) {
                continue;
            }
            int title = block.indexOf('\n');
            int gives = block.indexOf("\n--- gives\n");
            cases.add(new Case(
                    block.substring(0, title), block.substring(title + 1, gives + 1), block.substring(gives + 11)));
        }
        return cases;
    }
}
