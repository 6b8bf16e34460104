// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jns.model.Rule;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a rule's meaning as a text, which decides whether two logins get the same view. */
class SameRulesTest {

    /**
     * The text contains everything about a rule except its name, its position and its users: a rule read from it does
     * the same.
     */
    static void assertTextIsWhatItDoes(Rule rule) {
        Rule again = Texts.parse("[" + rule.name() + "]\n" + rule.does())
                .rules()
                .rules()
                .get(0);
        assertEquals(
                new Rule(rule.name(), again.at(), List.of(), List.of(), rule.directive(), rule.terms(), rule.does()),
                again);
    }

    private static String does(String... lines) {
        return Texts.rule("[r]\n" + String.join("\n", lines) + "\n").does();
    }

    @Test
    void allKeysInOneOrder() {
        assertEquals(
                """
                action=private
                target=/x,/srv/${user}/My Files
                per=user
                options=ro,mode=0700
                share=none
                """,
                does(
                        "share = none",
                        "only=user:a,!group:b",
                        "per = user",
                        "options = ro, mode=0700 ; private",
                        "# a comment",
                        "target\t=\t/x ,\t/srv/${user}/My Files  # two",
                        "",
                        "  action = private"));
    }

    @Test
    void neitherNameNorPlaceNorPeopleCount() {
        List<Rule> rules = Texts.parse(
                        "[a]\naction = hide\ntarget = /x\nonly = user:a\n\n[b]\nexcept = user:b\ntarget = /x\naction = hide\n")
                .rules()
                .rules();
        assertEquals(2, rules.size());
        assertEquals(rules.get(0).does(), rules.get(1).does());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "target = /x y         | target = /x  y",
                "target = /x           | target = /x/",
                "target = /x, /y       | target = /y, /x",
                "target = /x           | target = /x, /y",
                "target = /x#y         | target = /x #y",
                "skel = /a             | source = /a",
                "skel = /a             | # nothing",
                "share = user          | share = none",
                "share = user          | # nothing",
                "per = session         | per = user",
                "keep = 1h             | keep = 2h",
                "options = ro          | options = ro, nodev",
                "create = 0755:a:b     | create = 0755:a",
                "on-error = allow      | on-error = deny",
                "required = no         | replace = yes",
                "weaken = yes          | weaken = no",
            })
    void whatIsNotTheSameHasAnotherText(String one, String other) {
        assertNotEquals(of(one), of(other));
    }

    private static String of(String line) {
        String target = line.startsWith("target") ? "" : "target = /t\n";
        String action = line.startsWith("source") ? "bind" : "private";
        return does("action = " + action, target + line);
    }

    @Test
    void argumentsKeepTheBlanksWithin() {
        assertEquals(
                "action=run\nprogram=/p\narguments=a  b,c\n",
                does("action = run", "program = /p", "arguments = a  b , c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"etc/jns/rules.d", "etc/jns/examples", "src/test/resources/plans", "src/test/resources/import"})
    void theTextSaysWhatTheRuleDoes(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            List<Rule> rules = files.filter(f -> f.toString().matches(".*[.](rules|conf)"))
                    .flatMap(f ->
                            RulesParser.parse(List.of(new RulesSource("x.conf", bytes(f)))).rules().rules().stream())
                    .toList();
            assertFalse(rules.isEmpty(), folder);
            rules.forEach(SameRulesTest::assertTextIsWhatItDoes);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
