// SPDX-License-Identifier: Apache-2.0
package org.jns;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** Compares the code with the table and the list of docs/design.md, "Direction of dependencies". */
class ArchitectureTest {

    private static final Path DESIGN = Path.of("docs/design.md");
    private static final JavaClasses JNS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.jns");

    /** The names that the table has for libraries. */
    private static final Map<String, String> LIBRARIES = Map.of(
            "jnr",
            "jnr",
            "jffi",
            "com.kenai.jffi",
            "Commons Configuration",
            "org.apache.commons.configuration2",
            "slf4j",
            "org.slf4j",
            "picocli",
            "picocli",
            "Jackson",
            "com.fasterxml.jackson.core",
            "JAXP",
            "javax.xml",
            "SAX",
            "org.xml.sax");

    private static final String[] PURE = {
        "org.jns.model..",
        "org.jns.rules..",
        "org.jns.plan..",
        "org.jns.migrate..",
        "org.jns.doctor..",
        "org.jns.wire..",
        "org.jns.recipe.."
    };

    /**
     * Everything that only a login thread runs, and the classes that it uses to change the kernel's state. By package,
     * so that a class that is split stays guarded.
     */
    private static final String[] LOGIN_THREAD = {
        "org.jns.jnsd.login..",
        "org.jns.jnsd.views..",
        "org.jns.view..",
        "org.jns.folders..",
        "org.jns.state..",
        "org.jns.linux.."
    };

    /** Each package with all its allowed imports, from the table. */
    private static Map<String, Set<String>> table() throws IOException {
        Map<String, Set<String>> table = new TreeMap<>();
        Matcher row =
                Pattern.compile("(?m)^\\| `([a-z.]+)` \\| (.*?) \\| (.*?) \\|$").matcher(section());
        while (row.find()) {
            Set<String> imports = new TreeSet<>();
            Matcher name = Pattern.compile("`([a-z.]+)`").matcher(row.group(2));
            while (name.find()) {
                imports.add(name.group(1));
            }
            imports.addAll(
                    row.group(3).isBlank() ? List.of() : List.of(row.group(3).split(", ")));
            table.put(row.group(1), imports);
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

    /** Requires equality: an unused permission would hide the next forbidden import. */
    @TestFactory
    Stream<DynamicTest> packagesImportExactlyWhatTheTableSays() throws IOException {
        return table().entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey(), () -> assertEquals(row.getValue(), imports(row.getKey()))));
    }

    private static Set<String> imports(String from) {
        Set<String> imports = new TreeSet<>();
        JNS.stream()
                .filter(c -> c.getPackageName().equals("org.jns." + from))
                .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                .map(dependency ->
                        dependency.getTargetClass().getBaseComponentType().getPackageName())
                .filter(name -> !name.isEmpty() && !name.startsWith("java.") && !name.equals("org.jns." + from))
                .forEach(name -> imports.add(inTable(name)));
        return imports;
    }

    private static String inTable(String name) {
        return LIBRARIES.entrySet().stream()
                .filter(library -> (name + ".").startsWith(library.getValue() + "."))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(name.replaceFirst("^org\\.jns\\.", ""));
    }

    @TestFactory
    Stream<DynamicTest> whatTheListSays() {
        return Stream.of(
                rule(
                        "no cycles of packages",
                        slices().matching("org.jns.(**)").should().beFreeOfCycles()),
                rule(
                        "only Main knows both programs",
                        noClasses()
                                .that()
                                .haveNameNotMatching("org\\.jns\\.Main")
                                .and()
                                .resideOutsideOfPackages("org.jns.jnsd..", "org.jns.jnsctl..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("org.jns.jnsd..", "org.jns.jnsctl..")),
                rule(
                        "no clock, environment, file, look-up or process where values are made of values",
                        noClasses()
                                .that()
                                .resideInAnyPackage(PURE)
                                .should()
                                .dependOnClassesThat(resideInAnyPackage(
                                                "java.time..", "java.net..", "java.nio.file..", "java.util.logging..")
                                        .or(named("java.io.File"))
                                        .or(named("java.io.FileInputStream"))
                                        .or(named("java.io.FileOutputStream"))
                                        .or(named("java.io.FileReader"))
                                        .or(named("java.io.RandomAccessFile"))
                                        .or(named("java.lang.ProcessBuilder"))
                                        .or(named("java.lang.Runtime"))
                                        .or(named("java.lang.System"))
                                        .or(named("java.lang.Thread"))
                                        .or(named("java.util.Date"))
                                        .or(named("java.util.Random"))
                                        .or(named("java.util.concurrent.ThreadLocalRandom")))),
                rule("no file API and no process start where a login is served", noFilesOnTheLoginThread()),
                rule("no logger on the thread that builds a view", noLoggerOnTheLoginThread()),
                rule(
                        "the environment is read where a program begins",
                        noClasses()
                                .that(resideOutsideOfPackages("org.jns.jnsd..", "org.jns.jnsctl..", "org.jns.log.."))
                                .should()
                                .callMethod(System.class, "getenv")
                                .orShould()
                                .callMethod(System.class, "getenv", String.class)),
                rule(
                        "only linux uses jnr",
                        noClasses()
                                .that(not(resideInAnyPackage("org.jns.linux..")))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("jnr..", "com.kenai..")));
    }

    private static ArchRule noFilesOnTheLoginThread() {
        return noClasses()
                .that()
                .resideInAnyPackage(LOGIN_THREAD)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.file..")
                        .or(named("java.io.File"))
                        .or(named("java.io.FileInputStream"))
                        .or(named("java.io.FileOutputStream"))
                        .or(named("java.io.FileReader"))
                        .or(named("java.io.FileWriter"))
                        .or(named("java.io.RandomAccessFile"))
                        .or(named("java.nio.channels.FileChannel"))
                        .or(named("java.lang.ProcessBuilder"))
                        .or(named("java.lang.Process"))
                        .or(named("java.lang.Runtime")));
    }

    private static ArchRule noLoggerOnTheLoginThread() {
        return noClasses()
                .that()
                .resideInAnyPackage(LOGIN_THREAD)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "java.util.logging..", "org.jns.log..");
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
