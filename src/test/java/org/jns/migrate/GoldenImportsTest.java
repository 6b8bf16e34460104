// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jns.model.Problem;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each NAME.conf or NAME.xml of the folder import gives NAME.rules and the remarks NAME.warnings, and the rules are
 * valid.
 */
class GoldenImportsTest {

    private static final Path FOLDER = Path.of("src/test/resources/import");
    private static final Path ACTUAL = Path.of("target/import");

    @TestFactory
    Stream<DynamicTest> imports() throws IOException {
        Set<Path> inputs = new TreeSet<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            files.filter(file -> file.toString().matches(".*\\.(conf|xml)")).forEach(inputs::add);
        }
        assertTrue(inputs.size() >= 12, inputs.toString());
        return inputs.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }

    private static void check(Path file) throws IOException {
        Imported imported = People.read(file.getFileName().toString(), Files.readAllBytes(file));
        StringBuilder remarks = new StringBuilder();
        imported.remarks().forEach(remark -> remarks.append(remark).append('\n'));
        String name = file.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
        assertAll(
                () -> compare(name + ".rules", imported.rules()),
                () -> compare(name + ".warnings", remarks.toString()));
        RulesSource rules = new RulesSource(name + ".rules", imported.rules().getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of(),
                RulesParser.parse(List.of(rules)).problems().stream()
                        .filter(Problem::isError)
                        .toList());
    }

    private static void compare(String name, String actual) throws IOException {
        Path golden = FOLDER.resolve(name);
        String expected = Files.exists(golden) ? Files.readString(golden) : "";
        if (!expected.equals(actual)) {
            Files.createDirectories(ACTUAL);
            Files.writeString(ACTUAL.resolve(name), actual);
            assertEquals(expected, actual, "if this is right: cp " + ACTUAL.resolve(name) + " " + FOLDER);
        }
    }
}
