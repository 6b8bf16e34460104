// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jns.jnsctl.JnsCtl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help;

class CheckTest {

    private static final String NOBODY = "[a]\naction = hide\ntarget = /x\nonly = user:no-such-user\n";

    @TempDir
    Path folder;

    private int status;

    private String check(Help.Ansi ansi, String... args) {
        StringWriter out = new StringWriter();
        CommandLine line =
                JnsCtl.commandLine().setOut(new PrintWriter(out)).setColorScheme(Help.defaultColorScheme(ansi));
        status = line.execute(args);
        line.getOut().flush();
        return out.toString();
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("x.conf"), text).toString();
    }

    @Test
    void whoIsNotThereIsAWarning() throws IOException {
        String file = file(NOBODY);
        assertEquals(
                file + ":4:8: warning: there is no user 'no-such-user' on this machine\n" + file
                        + ":1:1: warning: rule [a] is for nobody today: nobody in its list exists on this machine\n1 rule, no errors\n",
                check(Help.Ansi.OFF, "check", file));
        assertEquals(0, status);
    }

    @Test
    void programThatCouldNotBeRunIsAWarning() throws IOException {
        String file = file("[a]\naction = run\nprogram = /dev/null/none\n[b]\naction = run\nprogram = /bin/sh\n");
        assertEquals(
                file
                        + ":1:1: warning: rule [a] cannot run /dev/null/none: there is nothing of that name on this machine\n2 rules, no errors\n",
                check(Help.Ansi.OFF, "check", file));
        assertEquals(0, status);
    }

    @Test
    void coloursAddNothingButColours() throws IOException {
        String file = file(NOBODY + "[b]\naction = frob\ntarget = /y\n");
        String plain = check(Help.Ansi.OFF, "check", file);
        String coloured = check(Help.Ansi.ON, "check", file);
        assertEquals(plain, coloured.replaceAll("\u001b\\[[0-9;]*m", ""));
        List<String> lines = coloured.lines().toList();
        assertTrue(
                lines.get(0).startsWith("\u001b[1m" + file + ":6:10:\u001b[0m\u001b[31m unknown action"), lines.get(0));
        assertTrue(coloured.contains("\u001b[33m warning: there is no user"), coloured);
        assertTrue(!plain.contains("\u001b"), plain);
    }

    @Test
    void jsonHasEachProblemWithItsPlace() throws IOException {
        String file = file(NOBODY + "[b]\naction = frob\n");
        String json = check(Help.Ansi.ON, "check", "--json", file);
        assertEquals(1, status);
        List<String> problems = new ArrayList<>();
        StringBuilder fields = new StringBuilder();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    fields.setLength(0);
                } else if (token.isScalarValue()) {
                    fields.append(parser.currentName())
                            .append('=')
                            .append(parser.getText())
                            .append(' ');
                } else if (token == JsonToken.END_OBJECT && fields.indexOf("severity") >= 0) {
                    problems.add(fields.toString());
                    fields.setLength(0);
                }
            }
        }
        assertEquals(4, problems.size(), json);
        assertTrue(
                problems.get(0)
                        .startsWith(
                                "severity=error file=" + file + " line=5 column=1 message=section [b] has no 'target'"),
                problems.toString());
        assertTrue(
                problems.get(1).startsWith("severity=error file=" + file + " line=6 column=10 message=unknown action"),
                problems.toString());
        assertEquals(
                "severity=warning file=" + file
                        + " line=4 column=8 message=there is no user 'no-such-user' on this machine ",
                problems.get(2));
        assertTrue(json.contains("\"rules\" : 1") && json.contains("\"errors\" : 2"), json);
    }

    @Test
    void whatIsNoRulesFileIsRefusedAtOnce() throws Exception {
        Path fifo = folder.resolve("fifo.conf");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        Path sub = Files.createDirectory(folder.resolve("folder.conf"));
        for (String bad : List.of(fifo.toString(), "/dev/zero", "/dev/null", sub.toString())) {
            assertTimeoutPreemptively(
                    Duration.ofMinutes(2),
                    () -> assertEquals(
                            bad + ":1:1: cannot use this file: it is not a regular file\n1 error\n",
                            check(Help.Ansi.OFF, "check", bad)));
            assertEquals(1, status);
        }
    }

    @Test
    void aHugeFileIsRefusedAtOnce() throws IOException {
        Path huge = folder.resolve("huge.conf");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(100 << 20);
        }
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            String out = check(Help.Ansi.OFF, "check", huge.toString());
            assertTrue(out.startsWith(huge + ":1:1: ") && out.endsWith("1 error\n"), out);
        });
        assertEquals(1, status);
    }
}
