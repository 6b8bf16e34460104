// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.AbsPath;
import org.jns.model.Problem;
import org.jns.rules.ini.RulesSource;
import org.jns.rules.ini.StrictIni;
import org.junit.jupiter.api.Test;

class TrustedFilesTest {

    private static final AbsPath FOLDER = AbsPath.of("/rules.d");

    private final RecordingSyscalls sys = new RecordingSyscalls().directory("/rules.d", 0755, 0, 0);

    private TrustedFiles.Content folder() {
        TrustedFiles.Content content = new TrustedFiles(sys, true).folder(FOLDER);
        sys.assertClean();
        return content;
    }

    private static List<String> texts(TrustedFiles.Content content) {
        return content.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void filesComeInTheOrderOfTheirNames() {
        sys.file("/rules.d/b.conf", 0644, 0, "B")
                .file("/rules.d/a.conf", 0644, 0, "A")
                .file("/rules.d/.c.conf", 0644, 0, "C")
                .file("/rules.d/d.bak", 0644, 0, "D");
        assertEquals(
                List.of("/rules.d/a.conf", "/rules.d/b.conf"),
                folder().sources().stream().map(RulesSource::name).toList());
        assertEquals(List.of(), texts(folder()));
    }

    @Test
    void whatIsNoFileIsRefusedAndNeverOpened() {
        sys.fifo("/rules.d/fifo.conf")
                .socket("/rules.d/socket.conf")
                .directory("/rules.d/folder.conf", 0755, 0, 0)
                .link("/rules.d/link.conf", 0, "folder.conf");
        assertEquals(
                List.of(
                        "/rules.d/fifo.conf:1:1: cannot use this file: it is not a regular file",
                        "/rules.d/folder.conf:1:1: cannot use this file: it is not a regular file",
                        "/rules.d/link.conf:1:1: cannot read this file: "
                                + "Too many levels of symbolic links; it is a symbolic link: put the file itself there",
                        "/rules.d/socket.conf:1:1: cannot use this file: it is not a regular file"),
                texts(folder()));
        assertTrue(
                sys.transcript().toString().lines().noneMatch(line -> line.contains(" READ ")),
                sys.transcript().toString());
    }

    @Test
    void whatOthersCanChangeIsRefused() {
        sys.file("/rules.d/alice.conf", 0600, 1000, "").file("/rules.d/open.conf", 0666, 0, "");
        assertEquals(2, folder().problems().size());
        assertEquals(List.of(), folder().sources());
        assertEquals(
                1,
                new TrustedFiles(sys, false)
                        .file(AbsPath.of("/rules.d/alice.conf"))
                        .sources()
                        .size());
    }

    @Test
    void ofALongFileNoMoreIsReadThanIsNeededToRefuseIt() {
        sys.file("/rules.d/long.conf", 0644, 0, "#".repeat(3 * StrictIni.MAX_FILE));
        assertEquals(StrictIni.MAX_FILE + 1, folder().sources().get(0).bytes().length);
    }

    @Test
    void allFilesTogetherAreBounded() {
        String text = "#".repeat(TrustedFiles.MOST_BYTES / 8);
        for (int i = 0; i < 10; i++) {
            sys.file("/rules.d/" + i + ".conf", 0644, 0, text);
        }
        TrustedFiles.Content content = folder();
        assertEquals(8, content.sources().size());
        assertEquals(
                List.of(
                        "/rules.d/8.conf:1:1: cannot read this file: with the files before it there are more than 4 MiB",
                        "/rules.d/9.conf:1:1: cannot read this file: with the files before it there are more than 4 MiB"),
                texts(content));
        // A reload has the same limit as the first load.
        TrustedFiles trusted = new TrustedFiles(sys, true);
        assertEquals(8, trusted.folder(FOLDER).sources().size());
        assertEquals(8, trusted.folder(FOLDER).sources().size());
    }

    @Test
    void aFolderThatIsNotThereHasNoRules() {
        TrustedFiles.Content content = new TrustedFiles(sys, true).folder(AbsPath.of("/none"));
        assertTrue(content.isMissing());
        assertEquals(
                List.of("/none:1:1: warning: cannot read this folder: No such file or directory; there are no rules"),
                texts(content));
    }
}
