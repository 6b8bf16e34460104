// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jns.model.Directive;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.rules.ini.RulesSource;

/**
 * Checks properties that hold for any bytes. Replays the files next to it; {@code JAZZER_FUZZ=1 mvn test
 * -Dtest=RulesParserFuzzTest} looks for new ones.
 */
class RulesParserFuzzTest {

    private static final Subject ALICE =
            new Subject("alice", 1000, 1000, "alice", Set.of("adm"), "/home/alice", "/bin/sh", "sshd", "");

    @FuzzTest(maxDuration = "3m")
    void anyBytes(byte[] data) {
        List<RulesSource> sources = List.of(
                Texts.source("first.conf", "[first]\naction = hide\ntarget = /first\n"),
                new RulesSource("x.conf", data));
        Parsed parsed = RulesParser.parse(sources);
        assertEquals(parsed, RulesParser.parse(sources));
        List<String> lines = List.of(new String(data, StandardCharsets.UTF_8).split("\n", -1));
        for (Problem problem : parsed.problems()) {
            assertInside(problem, lines);
        }
        for (Rule rule : parsed.rules().rules()) {
            boolean nowhere =
                    rule.directive() instanceof Directive.Run || rule.directive() instanceof Directive.Isolate;
            assertEquals(nowhere, rule.directive().places().isEmpty());
            if (rule.at().file().equals("x.conf")) {
                assertTrue(lines.get(rule.at().line() - 1)
                        .substring(rule.at().column() - 1)
                        .startsWith("[" + rule.name() + "]"));
            }
        }
        parsed.rules().rules().forEach(SameRulesTest::assertTextIsWhatItDoes);
        if (parsed.problems().isEmpty()) {
            long headers = lines.stream().filter(l -> l.strip().startsWith("[")).count();
            assertEquals(headers + 1, parsed.rules().rules().size());
        }
        Selection selection = RuleMatcher.select(parsed.rules(), ALICE);
        assertEquals(
                parsed.rules().rules().size(),
                selection.chosen().size() + selection.passedOver().size());
    }

    private static void assertInside(Problem problem, List<String> lines) {
        assertEquals("x.conf", problem.at().file());
        int line = problem.at().line();
        assertTrue(line >= 1 && line <= lines.size(), problem.toString());
        String text = lines.get(line - 1);
        assertTrue(
                problem.at().column() >= 1 && problem.at().column() <= text.codePointCount(0, text.length()) + 1,
                problem.toString());
        assertTrue(problem.message().length() < 10_000, problem.toString());
        assertTrue(org.jns.model.Printable.is(problem.message()), problem.toString());
    }
}
