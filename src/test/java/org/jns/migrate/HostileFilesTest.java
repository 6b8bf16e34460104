// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jns.ProcessorTime;
import org.jns.model.Problem;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.jns.rules.ini.StrictIni;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the import of any file ends soon, throws nothing, reads no other file, and results in a rules file. */
class HostileFilesTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int LONG = StrictIni.MAX_FILE / 4;
    private static final Path FOLDER = Path.of("src/test/resources/import");

    @TempDir
    private Path folder;

    private static Imported soundly(String text) {
        Imported imported = ProcessorTime.atMost(SOON, () -> People.read(text));
        assertIsRules(imported);
        return imported;
    }

    private static void assertIsRules(Imported imported) {
        RulesSource rules = new RulesSource("y", imported.rules().getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of(),
                RulesParser.parse(List.of(rules)).problems().stream()
                        .filter(Problem::isError)
                        .toList());
    }

    /** The whole file is refused, with a reason. */
    private static void assertRefused(String reason, String text) {
        Imported imported = soundly(text);
        assertEquals(1, imported.remarks().size(), imported.remarks().toString());
        assertTrue(imported.isIncomplete());
        assertTrue(
                imported.remarks().get(0).message().contains(reason),
                imported.remarks().toString());
        assertFalse(imported.rules().contains("\n["), imported.rules());
    }

    @TestFactory
    Stream<DynamicTest> everyPrefixOfEveryExample() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().matches(".*\\.(conf|xml)")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                        byte[] all = Files.readAllBytes(file);
                        for (int length = 0; length < all.length; length++) {
                            assertIsRules(People.read("x", Arrays.copyOf(all, length)));
                        }
                    }));
        }
    }

    @Test
    void anExternalEntityIsNotRead() throws IOException {
        Path secret =
                Files.writeString(folder.resolve("secret"), "<volume path='/secret' mountpoint='/b' options='bind'/>");
        String uri = secret.toUri().toString();
        assertRefused("declares", "<!DOCTYPE p [<!ENTITY x SYSTEM '" + uri + "'>]><pam_mount>&x;</pam_mount>");
        assertRefused("declares", "<!DOCTYPE p [<!ENTITY % x SYSTEM '" + uri + "'> %x;]><pam_mount/>");
        assertRefused("x", "<!DOCTYPE p SYSTEM '" + uri + "'><pam_mount>&x;</pam_mount>");
        Imported include = soundly(
                "<pam_mount xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='" + uri + "'/></pam_mount>");
        assertFalse(include.rules().contains("\n["), include.rules());
    }

    /** Nothing listens there; a reader that tried to connect would fail, or wait. */
    @Test
    void theDtdThatAFileNamesIsNotFetched() {
        Imported imported = soundly("<!DOCTYPE pam_mount SYSTEM 'http://127.0.0.1:9/x.dtd'>"
                + "<pam_mount><volume path='/a' mountpoint='/b' options='bind'/></pam_mount>");
        assertEquals(List.of(), imported.remarks());
        assertTrue(imported.rules().contains("\ntarget = /b\n"));
    }

    @Test
    void aBillionLaughsAreRefused() {
        StringBuilder text = new StringBuilder("<!DOCTYPE p [<!ENTITY l0 'lol'>");
        for (int i = 1; i < 30; i++) {
            text.append("<!ENTITY l")
                    .append(i)
                    .append(" '")
                    .append(("&l" + (i - 1) + ";").repeat(10))
                    .append("'>");
        }
        assertRefused("declares", text + "]><pam_mount><volume path='&l29;'/></pam_mount>");
        // The same with declarations that a careless check would miss.
        assertRefused("declares", "<!-- <!DOCTYPE p> -->" + text + "]><pam_mount>&l29;</pam_mount>");
    }

    @Test
    void declarationsAreFoundBehindQuotesAndComments() {
        assertRefused(
                "declares",
                "<!-- <!DOCTYPE x> --><!DOCTYPE p SYSTEM 'a>b' [<!ATTLIST volume user CDATA 'x'>]><pam_mount/>");
        assertEquals(List.of(), soundly("<!DOCTYPE p SYSTEM 'a[b'><pam_mount/>").remarks());
    }

    @Test
    void deepNestingIsRefused() {
        assertRefused("nested", "<pam_mount>" + "<not>".repeat(100_000));
        assertRefused(
                "nested", "<pam_mount><volume>" + "<and>".repeat(60) + "</and>".repeat(60) + "</volume></pam_mount>");
    }

    @Test
    void longFilesEndSoon() {
        soundly("/tmp /i/ user ~a\n".repeat(LONG / 20));
        soundly(("/tmp /i/ user ~" + "a,".repeat(2000) + "\n").repeat(50));
        soundly("/tmp /i/ user " + "a,".repeat(LONG / 2 - 20));
        soundly("/tmp /i/ user ~" + "a,b,".repeat(LONG / 10) + "\n/tmp /i/ user " + "b,a,".repeat(LONG / 10));
        soundly("#".repeat(LONG));
        soundly("/".repeat(LONG - 10) + " /i/ user");
        soundly("/a" + "/.".repeat(LONG / 2 - 10) + " /i/ user");
        soundly("/a /i/ user" + ":create".repeat(LONG / 8));
        soundly("\n".repeat(LONG));
        soundly("# [=,\n".repeat(5_000));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            lines.append("/tmp /i/ user ~u").append(i).append(",v\n");
        }
        soundly(lines.toString());
        soundly("<pam_mount>" + "<volume path='/a' mountpoint='/b' options='bind'/>".repeat(5_000) + "</pam_mount>");
        soundly("<pam_mount><volume path='/a' mountpoint='/b' options='bind'><or>" + "<user>a</user>".repeat(15_000)
                + "</or></volume></pam_mount>");
        soundly("<pam_mount><volume path='/a' mountpoint='/b" + "/.".repeat(100_000) + "' options='bind"
                + ",ro".repeat(12_000) + "'/></pam_mount>");
        soundly("<pam_mount>" + "<!--<!DOCTYPE-->".repeat(15_000) + "</pam_mount>");
        soundly("<!--<!DOCTYPE-->".repeat(15_000) + "<!DOCTYPE x><pam_mount/>");
    }

    @Test
    void aFileThatIsTooLongIsNotRead() {
        assertRefused("longer", "# x\n" + "a".repeat(StrictIni.MAX_FILE));
    }

    /** A rule can only come from a line that is one. */
    @Test
    void nothingInAFieldBecomesALineOfItsOwn() {
        for (String trick : List.of("/a\\n[evil]", "\"/a\nb\"", "/a\r[evil]", "/a\u2028[evil]", "/a\u0085[evil]")) {
            Imported imported = soundly(trick + " /i/ user\n" + "/b /i/ user ~x\\n[evil],y\n");
            assertFalse(imported.rules().lines().anyMatch(line -> line.equals("[evil]")), imported.rules());
        }
        Imported xml = soundly(
                "<!--\n[evil]\naction = hide\ntarget = /etc\n--><pam_mount>"
                        + "<volume path='/a' mountpoint='/b&#10;[evil]' options='bind,x&#10;[evil]' user='a&#10;[evil]'/></pam_mount>");
        assertFalse(xml.rules().lines().anyMatch(line -> line.startsWith("[")), xml.rules());
    }
}
