// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.NamespaceKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTextTest {
    static final Session SESSION = new Session(
            "0123456789abcdef",
            "alice",
            1001,
            "sshd",
            "pts/3",
            new SeenProcess(4711, 99_000),
            "1001.00000000000000aa",
            1_700_000_000);
    static final View VIEW = new View(
            "1001.00000000000000aa",
            "alice",
            1001,
            4_026_532_177L,
            "alice\n1001 100%\n\taction=private\n",
            List.of("private-tmp", "lib32"),
            List.of(
                    new View.Shown(AbsPath.of("/tmp"), "private", "private-tmp", "/etc/jns/rules.d/a b.conf:2"),
                    new View.Shown(
                            AbsPath.of("/opt/old program/lib"), "bind", "lib32", "/etc/jns/rules.d/a%b.conf:12")),
            List.of(
                    new SupportProcess(SupportProcess.Kind.VOLUME, new SeenProcess(4712, 99_100)),
                    new SupportProcess(SupportProcess.Kind.INIT, new SeenProcess(4713, 99_101))),
            List.of(
                    new View.Namespace(NamespaceKind.NET, 4_026_532_178L),
                    new View.Namespace(NamespaceKind.PID, 4_026_532_179L)),
            List.of("tmpfs /tmp\n01777 0:0 size=-1\n", "overlay /a b\n"),
            1_700_000_000);

    @Test
    void whatIsWrittenIsReadAgain() {
        assertEquals(Optional.of(SESSION), RecordText.session(RecordText.of(SESSION)));
        assertEquals(Optional.of(VIEW), RecordText.view(RecordText.of(VIEW)));
    }

    @Test
    void nothingNeedsToBeThereButTheNames() {
        Session session = new Session("0123456789abcdef", "bob", 0, "", "", new SeenProcess(0, 0), "", 0);
        View view = new View("0.00000000000000aa", "bob", 0, 1, "", List.of(), List.of(), List.of(), 0);
        assertEquals(Optional.of(session), RecordText.session(RecordText.of(session)));
        assertEquals(Optional.of(view), RecordText.view(RecordText.of(view)));
    }

    @Test
    void aRecordOfAnOlderVersionHasNoSupportProcesses() {
        String text = new String(RecordText.of(VIEW), StandardCharsets.UTF_8);
        String older = text.replaceAll("(?m)^attendant .*\n", "");
        assertEquals(
                List.of(),
                RecordText.view(older.getBytes(StandardCharsets.UTF_8))
                        .orElseThrow()
                        .supportProcesses());
    }

    @Test
    void aRecordOfAnOlderVersionHasNothingToHandOn() {
        String text = new String(RecordText.of(VIEW), StandardCharsets.UTF_8);
        String older = text.replaceAll("(?m)^memory .*\n", "");
        assertEquals(
                List.of(),
                RecordText.view(older.getBytes(StandardCharsets.UTF_8))
                        .orElseThrow()
                        .memory());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"other pid", "other pid x", "other mnt 1", "other user 1", "other net 1", "other uts 1", "other"
            })
    void anotherNamespaceThatIsWrongIsNoRecord(String line) {
        String text = new String(RecordText.of(VIEW), StandardCharsets.UTF_8).replaceFirst("(?m)^other pid .*$", line);
        assertEquals(Optional.empty(), RecordText.view(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attendant",
                "attendant volume",
                "attendant volume 1",
                "attendant volume x 1",
                "attendant volume 1 x",
                "attendant butler 1 1"
            })
    void aSupportProcessThatIsWrongIsNoRecord(String line) {
        String text =
                new String(RecordText.of(VIEW), StandardCharsets.UTF_8).replaceFirst("(?m)^attendant init .*$", line);
        assertEquals(Optional.empty(), RecordText.view(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void fieldsStayOnTheirLines() {
        Session hostile =
                new Session("0123456789abcdef", "eve", 1, "x\nuser root\n", "%\r\u007f", new SeenProcess(1, 1), "v", 1);
        assertEquals(Optional.of(hostile), RecordText.session(RecordText.of(hostile)));
    }

    @Test
    void noPartOfARecordIsARecord() {
        byte[] session = RecordText.of(SESSION);
        byte[] view = RecordText.of(VIEW);
        for (int length = 0; length < session.length; length++) {
            assertEquals(Optional.empty(), RecordText.session(Arrays.copyOf(session, length)));
        }
        for (int length = 0; length < view.length; length++) {
            assertEquals(Optional.empty(), RecordText.view(Arrays.copyOf(view, length)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "end\n",
                "\n\nend\n",
                "id\nend\n",
                "uid x\nend\n",
                "%\nend\n",
                "id %\nend\n",
                "id %zz\nend\n",
                "shown a\nend\n",
                "user a\nuser b\nend\n"
            })
    void whatIsNoRecordIsNone(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(Optional.empty(), RecordText.session(bytes));
        assertEquals(Optional.empty(), RecordText.view(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uid -",
                "uid 99999999999999999999",
                "user root\nuser alice",
                "user a/b",
                "leader",
                "since x",
                "view\u0001 x"
            })
    void aFieldThatIsWrongIsNoRecord(String line) {
        String text = new String(RecordText.of(SESSION), StandardCharsets.UTF_8);
        String name = line.split("[ \u0001]")[0];
        String wrong = text.replaceFirst("(?m)^" + name + " .*$", line);
        assertEquals(Optional.empty(), RecordText.session(wrong.getBytes(StandardCharsets.UTF_8)));
    }
}
