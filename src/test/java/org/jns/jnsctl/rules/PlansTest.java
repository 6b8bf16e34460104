// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.Facts;
import org.jns.model.Planned;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.plan.Planner;
import org.jns.rules.Parsed;
import org.jns.rules.RuleMatcher;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each NAME.rules and NAME.facts of the folder plans gives the output of jnsctl explain: NAME.plan, and NAME.json if
 * that exists. {@link FactsFile} describes the format of the facts.
 */
class PlansTest {

    private static final Path FOLDER = Path.of("src/test/resources/plans");
    private static final List<AbsPath> RESERVED = List.of(AbsPath.of("/run/jns"), AbsPath.of("/var/lib/jns"));

    @TestFactory
    Stream<DynamicTest> plans() throws IOException {
        Set<String> names = new TreeSet<>();
        List<String> strays = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            files.map(file -> file.getFileName().toString()).forEach(file -> {
                names.add(file.replaceFirst("\\.[a-z]+$", ""));
                if (!file.matches(".+\\.(rules|facts|plan|json)")) {
                    strays.add(file);
                }
            });
        }
        assertEquals(List.of(), strays);
        assertTrue(names.size() >= 30, "there are only " + names.size() + " plans");
        return names.stream().map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
    }

    private static void check(String name) throws IOException {
        Parsed parsed = RulesParser.parse(
                List.of(new RulesSource(name + ".rules", Files.readAllBytes(FOLDER.resolve(name + ".rules")))));
        assertFalse(parsed.hasErrors(), parsed.problems().toString());
        RuleSet rules = parsed.rules().resolved(id(Map.of("root", 0L)), id(Map.of("root", 0L, "staff", 50L)));
        FactsFile facts = FactsFile.read(FOLDER.resolve(name + ".facts"));
        StringWriter text = new StringWriter();
        StringWriter json = new StringWriter();
        for (FactsFile.Login login : facts.logins()) {
            Selection selection = RuleMatcher.select(rules, login.subject());
            Facts known = login.answer(Planner.questions(selection, login.subject()));
            Planned planned = Planner.plan(selection, login.subject(), known, RESERVED);
            Explanation explanation = Explanation.of(login.subject(), selection, Admission.NONE, planned);
            text.append(text.getBuffer().length() == 0 ? "" : "\n");
            ExplanationText.print(explanation, new PrintWriter(text, true));
            ExplanationJson.print(explanation, new PrintWriter(json, true));
        }
        assertEquals(List.of(), facts.unused(), "nobody asked for these paths");
        compare(FOLDER.resolve(name + ".plan"), text.toString());
        if (Files.exists(FOLDER.resolve(name + ".json"))) {
            compare(FOLDER.resolve(name + ".json"), json.toString());
        }
    }

    private static Function<String, OptionalLong> id(Map<String, Long> ids) {
        return name -> ids.containsKey(name) ? OptionalLong.of(ids.get(name)) : OptionalLong.empty();
    }

    private static void compare(Path golden, String actual) throws IOException {
        String expected = Files.exists(golden) ? Files.readString(golden) : "";
        if (!expected.equals(actual)) {
            throw new AssertionError("\n" + patch(golden, expected, actual));
        }
    }

    /** Input for {@code patch -p0}, if the new text is right. */
    private static String patch(Path file, String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        int same = 0;
        while (same < old.size() && same < now.size() && old.get(same).equals(now.get(same))) {
            same++;
        }
        int end = 0;
        while (end < old.size() - same
                && end < now.size() - same
                && old.get(old.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
            end++;
        }
        StringBuilder patch = new StringBuilder("--- " + file + "\n+++ " + file + "\n");
        patch.append("@@ -" + (old.isEmpty() ? 0 : 1) + "," + old.size() + " +1," + now.size() + " @@\n");
        old.subList(0, same).forEach(line -> patch.append(' ').append(line).append('\n'));
        old.subList(same, old.size() - end)
                .forEach(line -> patch.append('-').append(line).append('\n'));
        now.subList(same, now.size() - end)
                .forEach(line -> patch.append('+').append(line).append('\n'));
        old.subList(old.size() - end, old.size())
                .forEach(line -> patch.append(' ').append(line).append('\n'));
        return patch.toString();
    }
}
