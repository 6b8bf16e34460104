// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jns.model.PathTemplate;
import org.jns.model.Problem;
import org.jns.rules.ini.RulesSource;
import org.jns.rules.ini.StrictIni;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests that our examples and those of the manual page have no problems. */
class ExamplesTest {

    private static final Path MAN_PAGE = Path.of("packaging/man/jns-rules.5");

    @TestFactory
    Stream<DynamicTest> shippedRules() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("etc/jns/rules.d", "etc/jns/examples")) {
            try (Stream<Path> list = Files.list(Path.of(folder))) {
                list.forEach(files::add);
            }
        }
        assertTrue(files.size() >= 5, files.toString());
        return files.stream()
                .map(f -> DynamicTest.dynamicTest(f.toString(), () -> {
                    assertTrue(f.toString().endsWith(".conf"), "a rules file's name ends in .conf");
                    assertRules(new RulesSource(f.toString(), Files.readAllBytes(f)));
                }));
    }

    @Test
    void theShippedRulesAndAllExamplesCanStandTogether() throws IOException {
        List<RulesSource> sources = new ArrayList<>();
        for (String folder : List.of("etc/jns/rules.d", "etc/jns/examples")) {
            try (Stream<Path> list = Files.list(Path.of(folder))) {
                for (Path file : list.sorted().toList()) {
                    sources.add(new RulesSource(file.toString(), Files.readAllBytes(file)));
                }
            }
        }
        assertEquals("", Texts.lines(RulesParser.parse(sources).problems()));
    }

    @TestFactory
    Stream<DynamicTest> examplesOfTheManPage() throws IOException {
        Matcher example = Pattern.compile("(?ms)^\\.EX\n(.*?)^\\.EE$").matcher(Files.readString(MAN_PAGE));
        List<String> texts = new ArrayList<>();
        while (example.find()) {
            texts.add(example.group(1).replace("\\-", "-").replace("\\(aq", "'").replace("\\e", "\\"));
        }
        assertTrue(texts.size() >= 4, "the man page has only " + texts.size() + " examples");
        return texts.stream()
                .map(t -> DynamicTest.dynamicTest(
                        t.lines().findFirst().orElseThrow(), () -> assertRules(Texts.source("man", t))));
    }

    @Test
    void theManPageNamesEveryExample() throws IOException {
        String page = Files.readString(MAN_PAGE).replace("\\-", "-");
        try (Stream<Path> list = Files.list(Path.of("etc/jns/examples"))) {
            list.forEach(file -> assertTrue(
                    page.contains("\n.I " + file.getFileName() + "\n"), "the man page does not name " + file));
        }
    }

    /** The README shows rules, then the messages for a wrong file. */
    @Test
    void theReadmeShowsWhatIsTrue() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        Matcher rules = Pattern.compile("(?ms)^```ini\n(.*?)^```$").matcher(readme);
        assertTrue(rules.find(), "the README shows no rules");
        assertRules(Texts.source("README.md", rules.group(1)));
        String wrong = "[private-tmp]\naction = privat\ntarget = tmp\nonly   = grp:staff\n";
        for (Problem problem :
                RulesParser.parse(List.of(Texts.source("wrong.conf", wrong))).problems()) {
            assertTrue(readme.contains("    " + problem + "\n"), "the README does not show: " + problem);
        }
    }

    private static void assertRules(RulesSource source) {
        Parsed parsed = RulesParser.parse(List.of(source));
        assertEquals("", Texts.lines(parsed.problems()));
        assertFalse(parsed.rules().rules().isEmpty());
    }

    @Test
    void theManPageNamesEveryWordOfTheLanguage() throws IOException {
        String page = Files.readString(MAN_PAGE).replace("\\-", "-");
        List<String> words = new ArrayList<>(RuleReader.KEYS);
        words.addAll(Action.words());
        words.addAll(Selectors.KINDS);
        words.addAll(AdmissionReader.KEYS);
        for (Action action : Action.values()) {
            words.addAll(action.options());
        }
        for (PathTemplate.Variable variable : PathTemplate.Variable.values()) {
            words.add("${" + variable.name().toLowerCase(Locale.ROOT) + "}");
        }
        for (String word : words) {
            Pattern item = Pattern.compile("(?m)^\\.(B|BI|BR) (.*[ ,\"])?" + Pattern.quote(word) + "($|[ \"])");
            assertTrue(item.matcher(page).find(), "the man page does not describe " + word);
        }
    }

    @Test
    void theSettingsFileIsReadAsItIsAndWithAllItsDefaultsWrittenOut() throws IOException {
        String text = Files.readString(Path.of("etc/jns/jns.conf"));
        StrictIni.Document shipped = StrictIni.read(Texts.source(text));
        assertEquals("", Texts.lines(shipped.problems()));
        StrictIni.Document full = StrictIni.read(Texts.source(text.replaceAll("(?m)^#(?=[a-z])", "")));
        assertEquals("", Texts.lines(full.problems()));
        assertEquals(
                List.of("daemon", "policy"),
                full.sections().stream().map(StrictIni.Section::name).toList());
        assertEquals(
                new TreeSet<>(List.of("socket", "instances", "state", "rules", "waiting-threads", "metrics-file")),
                new TreeSet<>(full.sections().get(0).entries().keySet()));
        AdmissionReader.Read policy = AdmissionReader.read(full.sections().get(1));
        assertEquals(List.of(), policy.problems());
        assertEquals(
                new TreeSet<>(AdmissionReader.KEYS),
                new TreeSet<>(full.sections().get(1).entries().keySet()));
    }
}
