// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.Sockets;
import org.jns.model.AbsPath;
import org.jns.model.Problem;
import org.jns.rules.ini.RulesSource;
import org.jns.rules.ini.StrictIni;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrustedFilesOnDiskTest {
    private final Fd proc = LinuxSyscalls.openProc();
    private final TrustedFiles files = new TrustedFiles(new LinuxSyscalls(proc), false);

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        proc.close();
    }

    private TrustedFiles.Content folder() {
        return files.folder(AbsPath.of(temp.toString()));
    }

    private String problem(String name) {
        TrustedFiles.Content content = folder();
        assertEquals(List.of(), content.sources());
        assertEquals(1, content.problems().size(), content.problems().toString());
        Problem problem = content.problems().get(0);
        assertTrue(problem.isError());
        assertEquals(temp + "/" + name, problem.at().file());
        return problem.message();
    }

    @Test
    void filesComeInTheOrderOfTheirNames() throws IOException {
        for (String name : List.of(
                "b.conf",
                "10-z.conf",
                "a.conf",
                "9.conf",
                "Z.conf",
                ".hidden.conf",
                "x.conf~",
                "x.conf.bak",
                "conf",
                "README")) {
            Files.writeString(temp.resolve(name), "text of " + name);
        }
        TrustedFiles.Content content = folder();
        assertEquals(List.of(), content.problems());
        assertEquals(
                List.of("10-z.conf", "9.conf", "Z.conf", "a.conf", "b.conf"),
                content.sources().stream()
                        .map(source -> source.name().substring(temp.toString().length() + 1))
                        .toList());
        for (RulesSource source : content.sources()) {
            assertTrue(source.name()
                    .endsWith(new String(source.bytes(), StandardCharsets.UTF_8).substring("text of ".length())));
        }
    }

    @Test
    void aFifoIsRefusedAndBlocksNothing() throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", temp.resolve("x.conf").toString())
                        .start()
                        .waitFor());
        assertEquals("cannot use this file: it is not a regular file", problem("x.conf"));
    }

    @Test
    void aSocketIsRefused() {
        new Sockets().listen(temp.resolve("x.conf").toString()).close();
        assertEquals("cannot use this file: it is not a regular file", problem("x.conf"));
    }

    @Test
    void aLinkIsRefused() throws IOException {
        Files.writeString(temp.resolve("real"), "");
        Files.createSymbolicLink(temp.resolve("x.conf"), Path.of("real"));
        assertEquals(
                "cannot read this file: Too many levels of symbolic links; it is a symbolic link: put the file itself there",
                problem("x.conf"));
    }

    @Test
    void aFolderIsRefused() throws IOException {
        Files.createDirectory(temp.resolve("x.conf"));
        assertEquals("cannot use this file: it is not a regular file", problem("x.conf"));
    }

    @Test
    void aNameThatCannotBePrintedIsRefused() throws IOException {
        Files.writeString(temp.resolve("a\nb.conf"), "");
        assertEquals("cannot use this file: its name has a control character; rename it", problem("a\\u000ab.conf"));
    }

    @Test
    void oneByteTooManyIsReadAndNoMore() throws IOException {
        Files.write(temp.resolve("x.conf"), new byte[StrictIni.MAX_FILE + 4096]);
        assertEquals(StrictIni.MAX_FILE + 1, folder().sources().get(0).bytes().length);
        Files.write(temp.resolve("x.conf"), new byte[StrictIni.MAX_FILE]);
        assertEquals(StrictIni.MAX_FILE, folder().sources().get(0).bytes().length);
    }

    @Test
    void oneBadFileHidesNoOther() throws IOException {
        Files.createDirectory(temp.resolve("a.conf"));
        Files.writeString(temp.resolve("b.conf"), "b");
        TrustedFiles.Content content = folder();
        assertEquals(1, content.sources().size());
        assertEquals(1, content.problems().size());
    }

    @Test
    void aFolderThatIsNotThereIsEmptyWithAWarning() {
        TrustedFiles.Content content = files.folder(AbsPath.of(temp + "/none"));
        assertTrue(content.isMissing());
        assertEquals(
                temp + "/none:1:1: warning: cannot read this folder: No such file or directory; there are no rules",
                content.problems().get(0).toString());
    }

    @Test
    void aFileInPlaceOfTheFolderIsAnError() throws IOException {
        Files.writeString(temp.resolve("f"), "");
        TrustedFiles.Content content = files.folder(AbsPath.of(temp + "/f"));
        assertTrue(!content.isMissing() && content.problems().get(0).isError(), content.toString());
    }

    @Test
    void aFileThatIsNotThereIsMissing() throws IOException {
        assertTrue(files.file(AbsPath.of(temp + "/none")).isMissing());
        Files.writeString(temp.resolve("f"), "x");
        TrustedFiles.Content content = files.file(AbsPath.of(temp + "/f"));
        assertTrue(
                !content.isMissing()
                        && content.problems().isEmpty()
                        && content.sources().size() == 1,
                content.toString());
    }

    @Test
    void whatOthersCanChangeIsRefusedWhereItMustBeRoots() throws IOException {
        Files.writeString(temp.resolve("x.conf"), "");
        Files.setPosixFilePermissions(temp.resolve("x.conf"), PosixFilePermissions.fromString("rw-rw-rw-"));
        TrustedFiles.Content content =
                new TrustedFiles(new LinuxSyscalls(proc), true).folder(AbsPath.of(temp.toString()));
        assertEquals(List.of(), content.sources());
        assertTrue(content.problems().stream()
                .anyMatch(p -> p.toString().contains("/x.conf:1:1: cannot use this file: somebody other than root")));
    }

    /** By owner and mode of the folder and of the file. */
    @Test
    void everythingOnTheWayMustBeRoots() {
        for (long uid : List.of(0L, 1000L)) {
            for (int mode : List.of(0755, 0777, 0775)) {
                for (boolean theFile : List.of(true, false)) {
                    RecordingSyscalls sys = new RecordingSyscalls();
                    sys.directory("/r", theFile ? 0755 : mode, theFile ? 0 : uid, 50);
                    sys.file("/r/x.conf", theFile ? mode : 0644, theFile ? uid : 0, "");
                    TrustedFiles.Content content = new TrustedFiles(sys, true).folder(AbsPath.of("/r"));
                    // The model gives a file the group with its owner's number: root's group may write.
                    boolean good = uid == 0 && (mode == 0755 || theFile && mode == 0775);
                    assertEquals(
                            good,
                            content.problems().isEmpty(),
                            uid + String.format(" %o ", mode) + theFile + content.problems());
                    sys.assertClean();
                }
            }
        }
    }
}
