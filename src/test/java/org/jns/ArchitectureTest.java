// SPDX-License-Identifier: Apache-2.0
package org.jns;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jns.jnsd.login.Planted;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the code against the table and the list of docs/design.md, "Direction of dependencies". */
class ArchitectureTest {

    private static final Path DESIGN = Path.of("docs/design.md");
    private static final JavaClasses JNS = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.jns");

    /** The names that the table has for libraries. */
    private static final Map<String, String> LIBRARIES = Map.of(
            "jnr", "jnr..", "jffi", "com.kenai.jffi..", "Commons Configuration", "org.apache.commons.configuration2..", "slf4j", "org.slf4j..", "picocli", "picocli..", "Jackson",
            "com.fasterxml.jackson.core..", "JAXP", "javax.xml..", "SAX", "org.xml.sax..");

    private static final String[] PURE = {"org.jns.model..", "org.jns.rules..", "org.jns.plan..", "org.jns.migrate..", "org.jns.doctor..", "org.jns.wire..", "org.jns.recipe.."};

    /** Everything that only a login thread runs, and what it uses to change the kernel's state. By package: a class that is split stays guarded. */
    private static final String[] LOGIN_THREAD = {"org.jns.jnsd.login..", "org.jns.jnsd.views..", "org.jns.view..", "org.jns.folders..", "org.jns.state..", "org.jns.linux.."};

    /** Package to what it may import, as the table has it. */
    private static Map<String, List<String>> table() throws IOException {
        Map<String, List<String>> table = new TreeMap<>();
        Matcher row = Pattern.compile("(?m)^\\| `([a-z.]+)` \\| (.*?) \\| (.*?) \\|$").matcher(section());
        while (row.find()) {
            List<String> allowed = new ArrayList<>(List.of("java..", "org.jns." + row.group(1)));
            Matcher name = Pattern.compile("`([a-z.]+)`").matcher(row.group(2));
            while (name.find()) {
                allowed.add("org.jns." + name.group(1));
            }
            for (String library : row.group(3).isBlank() ? new String[0] : row.group(3).split(", ")) {
                assertTrue(LIBRARIES.containsKey(library), "unknown library " + library);
                allowed.add(LIBRARIES.get(library));
            }
            table.put(row.group(1), allowed);
        }
        return table;
    }

    private static String section() throws IOException {
        String text = Files.readString(DESIGN);
        int start = text.indexOf("## Direction of dependencies");
        assertTrue(start >= 0);
        return text.substring(start, text.indexOf("\n## ", start));
    }

    @Test
    void theTableNamesEveryPackage() throws IOException {
        TreeSet<String> packages = new TreeSet<>();
        JNS.forEach(c -> packages.add(c.getPackageName().replaceFirst("^org\\.jns\\.?", "")));
        packages.remove("");
        assertEquals(packages, table().keySet());
    }

    @TestFactory
    Stream<DynamicTest> packagesImportOnlyWhatTheTableSays() throws IOException {
        return table().entrySet().stream().map(row -> rule(
                row.getKey(),
                classes().that().resideInAPackage("org.jns." + row.getKey())
                        .should().onlyDependOnClassesThat(resideInAnyPackage(row.getValue().toArray(String[]::new)).or(arraysOfPrimitives()))));
    }

    private static DescribedPredicate<JavaClass> arraysOfPrimitives() {
        return DescribedPredicate.describe("primitives", c -> c.getPackageName().isEmpty());
    }

    @TestFactory
    Stream<DynamicTest> whatTheListSays() {
        return Stream.of(
                rule("no cycles of packages", slices().matching("org.jns.(**)").should().beFreeOfCycles()),
                rule("only Main knows both programs", noClasses().that().haveNameNotMatching("org\\.jns\\.Main")
                        .and().resideOutsideOfPackages("org.jns.jnsd..", "org.jns.jnsctl..")
                        .should().dependOnClassesThat().resideInAnyPackage("org.jns.jnsd..", "org.jns.jnsctl..")),
                rule("no clock, environment, file, look-up or process where values are made of values", noClasses().that().resideInAnyPackage(PURE)
                        .should().dependOnClassesThat(resideInAnyPackage("java.time..", "java.net..", "java.nio.file..", "java.util.logging..")
                                .or(named("java.io.File"))
                                .or(named("java.io.FileInputStream")).or(named("java.io.FileOutputStream")).or(named("java.io.FileReader"))
                                .or(named("java.io.RandomAccessFile")).or(named("java.lang.ProcessBuilder")).or(named("java.lang.Runtime"))
                                .or(named("java.lang.System")).or(named("java.lang.Thread")).or(named("java.util.Date"))
                                .or(named("java.util.Random")).or(named("java.util.concurrent.ThreadLocalRandom")))),
                rule("no file API and no process start where a login is served", noFilesOnTheLoginThread()),
                rule("no logger on the thread that builds a view", noLoggerOnTheLoginThread()),
                rule("the environment is read where a program begins", noClasses().that(resideOutsideOfPackages("org.jns.jnsd..", "org.jns.jnsctl..", "org.jns.log.."))
                        .should().callMethod(System.class, "getenv").orShould().callMethod(System.class, "getenv", String.class)),
                rule("only linux uses jnr", noClasses().that(not(resideInAnyPackage("org.jns.linux..")))
                        .should().dependOnClassesThat().resideInAnyPackage("jnr..", "com.kenai..")));
    }

    private static ArchRule noFilesOnTheLoginThread() {
        return noClasses().that().resideInAnyPackage(LOGIN_THREAD)
                .should().dependOnClassesThat(resideInAnyPackage("java.nio.file..").or(named("java.io.File"))
                        .or(named("java.io.FileInputStream")).or(named("java.io.FileOutputStream")).or(named("java.io.FileReader"))
                        .or(named("java.io.FileWriter")).or(named("java.io.RandomAccessFile")).or(named("java.nio.channels.FileChannel"))
                        .or(named("java.lang.ProcessBuilder")).or(named("java.lang.Process")).or(named("java.lang.Runtime")));
    }

    private static ArchRule noLoggerOnTheLoginThread() {
        return noClasses().that().resideInAnyPackage(LOGIN_THREAD)
                .should().dependOnClassesThat().resideInAnyPackage("org.slf4j..", "java.util.logging..", "org.jns.log..");
    }

    /** A guard by class names once let classes through that had been split off. */
    @Test
    @DisplayName("[A11] a new class of the login thread that uses files or a logger is found")
    void theLoginThreadIsGuardedByPackage() {
        JavaClasses planted = new ClassFileImporter().importClasses(Planted.class);
        assertTrue(noFilesOnTheLoginThread().evaluate(planted).hasViolation());
        assertTrue(noLoggerOnTheLoginThread().evaluate(planted).hasViolation());
    }

    private static DescribedPredicate<JavaClass> named(String name) {
        return DescribedPredicate.describe(name, c -> c.getName().equals(name));
    }

    private static DynamicTest rule(String name, ArchRule rule) {
        return DynamicTest.dynamicTest(name, () -> rule.check(JNS));
    }
}
