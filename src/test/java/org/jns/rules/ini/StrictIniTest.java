// SPDX-License-Identifier: Apache-2.0
package org.jns.rules.ini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jns.model.Position;
import org.jns.model.Problem;
import org.jns.rules.Texts;
import org.junit.jupiter.api.Test;

class StrictIniTest {

    private static StrictIni.Document read(String text) {
        return StrictIni.read(Texts.source(text));
    }

    @Test
    void sectionsKeysAndValuesHaveTheirPlaces() {
        StrictIni.Document document = read("[daemon]\n  socket\t= /run/x  # where\n\n[other]\nwaiting-threads=3\n");
        assertEquals(List.of(), document.problems());
        assertEquals(
                List.of("daemon", "other"),
                document.sections().stream().map(StrictIni.Section::name).toList());
        StrictIni.Entry socket = document.sections().get(0).entries().get("socket");
        assertEquals("/run/x", socket.value().text());
        assertEquals(new Position("x.conf", 2, 3), socket.keyAt());
        assertEquals(new Position("x.conf", 2, 12), socket.value().at());
        StrictIni.Entry threads = document.sections().get(1).entries().get("waiting-threads");
        assertEquals("3", threads.value().text());
        assertEquals(new Position("x.conf", 5, 17), threads.value().at());
    }

    @Test
    void aLineOfOneMebibyteIsOneProblemAndTheNextLineIsRead() {
        String line = "x".repeat((1 << 20) - 100);
        assertEquals(
                "x.conf:2:1: line is 1048476 bytes long, at most 4096 are allowed\nx.conf:3:1: expected 'key = value', '[section]' or a comment\n",
                Texts.lines(read("[a]\n" + line + "\nfoo\n").problems()));
    }

    @Test
    void aLineMayHave4096Bytes() {
        String longest = "k = " + "\u00e4".repeat(2046);
        assertEquals(List.of(), read("[a]\n" + longest + "\n").problems());
        assertEquals(
                "x.conf:2:1: line is 4097 bytes long, at most 4096 are allowed\n",
                Texts.lines(read("[a]\n" + longest + "b\n").problems()));
    }

    @Test
    void aHeaderThatIsTooLongStillEndsTheSectionBeforeIt() {
        StrictIni.Document document = read("[a]\nk = 1\n[" + "b".repeat(5000) + "]\nk = 2\n");
        assertEquals(1, document.problems().size());
        assertEquals("1", document.sections().get(0).entries().get("k").value().text());
        assertEquals(2, document.sections().size());
    }

    @Test
    void aFileMayHaveOneMebibyte() {
        byte[] bytes = new byte[StrictIni.MAX_FILE];
        Arrays.fill(bytes, (byte) '\n');
        assertEquals(List.of(), StrictIni.read(new RulesSource("x.conf", bytes)).problems());
        byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
        assertEquals(
                "x.conf:1:1: file is 1048577 bytes long, at most 1048576 are allowed\n",
                Texts.lines(StrictIni.read(new RulesSource("x.conf", more)).problems()));
    }

    @Test
    void aFileHasABoundedNumberOfParts() {
        assertEquals(
                "x.conf:1:1: file has more than 50000 sections, keys and list items\n",
                Texts.lines(read("[a]\n" + "k = 1, 2, 3\n".repeat(20_000)).problems()));
    }

    @Test
    void aFileOfNulsHasABoundedListOfProblems() {
        byte[] bytes = "\0\n".repeat(StrictIni.MAX_FILE / 2).getBytes(StandardCharsets.UTF_8);
        List<Problem> problems =
                StrictIni.read(new RulesSource("x.conf", bytes)).problems();
        assertEquals(Problems.MAX_SHOWN + 1, problems.size());
        assertEquals(
                "x.conf:201:1: more problems are not shown: 524088",
                problems.get(Problems.MAX_SHOWN).toString());
    }

    @Test
    void keysBehindABrokenHeaderDoNotFallIntoTheSectionBefore() {
        StrictIni.Document document = read("[a]\nk = 1\n[b c]\nk = 2\nl = 3\n");
        assertEquals(1, document.problems().size());
        assertEquals(
                List.of("k"), List.copyOf(document.sections().get(0).entries().keySet()));
        assertTrue(document.sections().get(0).whole());
        assertTrue(!document.sections().get(1).whole());
    }

    @Test
    void bothReadersMustAgree() {
        List<StrictIni.Section> sections =
                read("[a]\nk = 1\nl = 2\n[b]\nm = 3\n").sections();
        assertEquals("", disagreement("[a]\nk = 1\nl = 2\n[b]\nm = 3\n", sections));
        assertEquals(
                "x.conf:1:1: section [a] can be read in two ways; write it in plainer characters\n",
                disagreement("[A]\nk = 1\n", sections));
        assertEquals(
                "x.conf:3:1: 'l' can be read in two ways; write it in plainer characters\n",
                disagreement("[a]\nk=1\nl=3\n[b]\nm=3\n", sections));
        assertEquals(
                "x.conf:3:1: 'l' can be read in two ways; write it in plainer characters\n",
                disagreement("[a]\nk=1\n[b]\nm=3\n", sections));
        assertEquals(
                "x.conf:5:1: 'm' can be read in two ways; write it in plainer characters\n",
                disagreement("[a]\nk=1\nl=2\n[b]\nn=3\n", sections));
        assertEquals(
                "x.conf:4:1: section [b] can be read in two ways; write it in plainer characters\n",
                disagreement("[a]\nk=1\nl=2\n[b]\nm=3\nn=4\n", sections));
        assertEquals(
                "x.conf:4:1: what follows section [b] can be read in two ways; write it in plainer characters\n",
                disagreement("[a]\nk=1\nl=2\n[b]\nm=3\n[c]\n", sections));
        assertEquals(
                "x.conf:4:1: section [b] can be read in two ways; write it in plainer characters\n",
                disagreement("[a]\nk=1\nl=2\n", sections));
    }

    private static String disagreement(String text, List<StrictIni.Section> sections) {
        Problems problems = new Problems();
        IniTree.read(text, sections, problems);
        return Texts.lines(problems.inFileOrder());
    }
}
