// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.pam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jns.doctor.PamFile;
import org.jns.doctor.PamFiles;
import org.jns.jnsctl.enable.Removal;
import org.jns.jnsctl.output.Host;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackFilesTest {

    @TempDir
    Path root;

    private Path own;
    private Path vendor;
    private StackFiles files;

    @BeforeEach
    void folders() throws IOException {
        own = Files.createDirectory(root.resolve("own"));
        vendor = Files.createDirectory(root.resolve("vendor"));
        files = new StackFiles(own, vendor, root.resolve("state/kept"));
    }

    private Path file(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void writtenFileIsAnotherOneWithTheSameMode() throws IOException {
        Path sshd = file(own, "sshd", "a\n");
        Files.setPosixFilePermissions(sshd, PosixFilePermissions.fromString("rw-r-----"));
        Object before = Files.getAttribute(sshd, "unix:ino");
        files.write("sshd", "b\n");
        assertEquals("b\n", Files.readString(sshd));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(sshd)));
        // A reader that has opened the old file reads it to its end.
        assertFalse(before.equals(Files.getAttribute(sshd, "unix:ino")));
        assertEquals(List.of("sshd"), names(own));
    }

    @Test
    void linkIsLeftToWhoeverMadeIt() throws IOException {
        Path elsewhere = file(root, "elsewhere", "a\n");
        Files.createSymbolicLink(own.resolve("system-auth"), elsewhere);
        assertTrue(assertThrows(Host.Failure.class, () -> files.write("system-auth", "b\n"))
                .getMessage()
                .contains("it is a link"));
        assertEquals("a\n", Files.readString(elsewhere));
    }

    @Test
    void vendorsFileIsCopiedToBeChangedAndTheCopyGoesWithTheChange() throws IOException {
        file(vendor, "su", "a\n");
        files.write("su", "a\nb\n");
        assertEquals("a\nb\n", files.text("su").orElseThrow());
        assertEquals("a\n", Files.readString(vendor.resolve("su")));
        files.write("su", "a\n");
        assertEquals(List.of(), names(own));
        assertEquals("a\n", files.text("su").orElseThrow());
    }

    @Test
    void keepsWhatThereWas() throws IOException {
        file(own, "su", "a\n");
        files.keep("su");
        files.write("su", "b\n");
        assertEquals("a\n", Files.readString(files.kept().resolve("su")));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files.kept())));
    }

    @Test
    void serviceThatIncludesAnotherGetsNoLineOfItsOwn() throws IOException {
        file(own, "su", "session required pam_unix.so\n");
        file(own, "su-l", "session include su\n");
        LineChange change = LineChange.of(files, parsed("su", "su-l"), List.of("su-l", "su"));
        assertEquals(List.of("su", "su-l"), change.services());
        assertEquals(Map.of("su", StackText.with("session required pam_unix.so\n")), change.texts());
        change.make();
        assertEquals("session include su\n", Files.readString(own.resolve("su-l")));
        assertEquals(
                List.of(),
                LineChange.of(files, parsed("su", "su-l"), List.of("su-l", "su"))
                        .services());
        change.undo();
        assertEquals("session required pam_unix.so\n", Files.readString(own.resolve("su")));
    }

    @Test
    void changeThatCannotBeMadeWholeIsNotMade() throws IOException {
        file(own, "a", "a\n");
        Files.createSymbolicLink(own.resolve("b"), file(root, "elsewhere", "b\n"));
        LineChange change = LineChange.of(files, parsed("a", "b"), List.of("a", "b"));
        assertThrows(Host.Failure.class, change::make);
        assertEquals("a\n", Files.readString(own.resolve("a")));
    }

    @Test
    void whatCannotBeChangedKeepsNothingElse() throws IOException {
        String text = StackText.with("session required pam_unix.so\n");
        file(own, "a", text);
        Files.createSymbolicLink(own.resolve("b"), file(root, "elsewhere", text));
        file(own, "c", text);
        file(vendor, "d", text);
        Removal removal = new Removal(files);
        assertEquals(Set.of("a", "b", "c", "d"), files.services());
        List.copyOf(files.services()).forEach(removal::ofService);
        assertEquals(List.of("a", "c", "d"), removal.changed());
        assertEquals("session required pam_unix.so\n", Files.readString(own.resolve("d")));
        assertEquals("session required pam_unix.so\n", files.text("c").orElseThrow());
        String said = assertThrows(Host.Failure.class, removal::mustBeWhole).getMessage();
        assertTrue(
                said.matches("cannot change .*/b: it is a link, .*; took pam_jns.so out of a, c, d nevertheless"),
                said);
    }

    @Test
    void whatIsIncludedFromElsewhereIsChangedThere() throws IOException {
        Path included = file(root, "elsewhere", StackText.with("session required pam_unix.so\n"));
        Files.createDirectory(own.resolve("more"));
        Path below = file(own.resolve("more"), "x", StackText.with(""));
        List<Path> places = files.elsewhere(List.of("su", "more/x", included.toString(), "/not/there"));
        assertEquals(List.of(below, included), places);
        Removal removal = new Removal(files);
        places.forEach(removal::ofFile);
        removal.mustBeWhole();
        assertEquals("session required pam_unix.so\n", Files.readString(included));
        assertFalse(files.takeOut(included));
    }

    @Test
    void aFullDiskIsNotBlamedOnTheAdmin() {
        assertTrue(ProfileChange.remedy("cp: error writing '/etc/pam.d/common-auth': No space left on device")
                .startsWith("make room"));
        assertTrue(ProfileChange.remedy("").startsWith("if somebody changed it by hand"));
    }

    private PamFiles parsed(String... names) throws IOException {
        PamFiles parsed = new PamFiles(Map.of());
        for (String name : names) {
            parsed =
                    parsed.with(name, PamFile.parse(own.resolve(name).toString(), Files.readString(own.resolve(name))));
        }
        return parsed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../shadow", "/etc/shadow", ".hidden"})
    void nameThatIsNoServicesIsRefused(String name) {
        assertThrows(Host.Failure.class, () -> StackFiles.checked(name));
    }
}
