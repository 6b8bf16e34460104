// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jns.model.Printable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class JnsCtlTest {

    private static final String GOOD = "[a]\naction = private\ntarget = /tmp\n";

    @TempDir
    Path folder;

    private record Run(int status, String out, String err) {}

    private static Run jnsctl(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = JnsCtl.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = line.execute(args);
        line.getOut().flush();
        line.getErr().flush();
        return new Run(status, out.toString(), err.toString());
    }

    private String file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        return file.toString();
    }

    @Test
    void goodFilesAreCounted() throws IOException {
        String one = file("one.conf", GOOD);
        String two = file("two.conf", "[b]\naction = hide\ntarget = /opt\n[c]\naction = hide\ntarget = /srv\n");
        assertEquals(new Run(0, "1 rule, no errors\n", ""), jnsctl("check", one));
        assertEquals(new Run(0, "3 rules, no errors\n", ""), jnsctl("check", one, two));
        assertEquals(new Run(0, "0 rules, no errors\n", ""), jnsctl("check", file("empty.conf", "")));
    }

    @Test
    void everyErrorHasFileLineAndColumn() throws IOException {
        String bad = file("bad.conf", "[a]\naction = privat\ntarget = tmp\n");
        assertEquals(
                new Run(
                        1,
                        bad
                                + ":2:10: unknown action 'privat' (expected one of private, bind, tmpfs, overlay, passthrough, hide, readonly, proc, run, encfs, gocryptfs, fuse, isolate); did you mean 'private'?\n"
                                + bad
                                + ":3:10: 'tmp' is not an absolute path: it must begin with / or ${home}\n2 errors\n",
                        ""),
                jnsctl("check", bad));
    }

    @Test
    void filesAreCheckedTogether() throws IOException {
        String one = file("one.conf", GOOD);
        String two = file("two.conf", GOOD);
        Run run = jnsctl("check", one, two);
        assertEquals(1, run.status());
        assertTrue(run.out().startsWith(two + ":1:1: section [a] is already at " + one + ":1\n"), run.out());
    }

    @Test
    void aWarningIsNoError() throws IOException {
        String cut = file("cut.conf", "[a]\naction = private\ntarget = /tmp");
        Run run = jnsctl("check", cut);
        assertEquals(0, run.status());
        assertTrue(
                run.out().startsWith(cut + ":3:")
                        && run.out().contains(": warning: ")
                        && run.out().endsWith("1 rule, no errors\n"),
                run.out());
    }

    @Test
    void bytesThatAreNoTextAreToldInText() throws IOException {
        String rubbish = file("rubbish.conf", "[a]\naction = \u0000\u001b[2J\u00ff\u00fe\ntarget = /x\n");
        Run run = jnsctl("check", rubbish);
        assertEquals(1, run.status());
        assertTrue(run.out().lines().allMatch(Printable::is), run.out());
    }

    @Test
    void aFileThatCannotBeReadIsAnError() throws IOException {
        String missing = folder.resolve("missing.conf").toString();
        assertEquals(
                new Run(1, missing + ":1:1: cannot read this file: No such file or directory\n1 error\n", ""),
                jnsctl("check", missing));
        assertEquals(
                new Run(1, folder + ":1:1: cannot use this file: it is not a regular file\n1 error\n", ""),
                jnsctl("check", folder.toString()));
        Path link = Files.createSymbolicLink(folder.resolve("link.conf"), Path.of(file("one.conf", GOOD)));
        Run run = jnsctl("check", link.toString());
        assertEquals(1, run.status());
        assertTrue(
                run.out().startsWith(link + ":1:1: cannot read this file: ")
                        && run.out().contains("symbolic link"),
                run.out());
    }

    @Test
    void problemsAreToldByTheNameThatWasGiven() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        String bad = here.relativize(Path.of(file("bad.conf", "[a]\n"))).toString();
        String missing = here.relativize(folder.resolve("missing.conf")).toString();
        assertTrue(
                jnsctl("check", bad).out().startsWith(bad + ":1:1: section [a] has no 'action'"),
                jnsctl("check", bad).out());
        assertTrue(
                jnsctl("check", missing).out().startsWith(missing + ":1:1: cannot read"),
                jnsctl("check", missing).out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb.conf", "\u001b[2J", "a\u0000b", "x/\u202e.conf"})
    void aNameThatCannotBePrintedIsRefusedInPrint(String name) {
        Run run = jnsctl("check", name);
        assertEquals(1, run.status());
        assertEquals("", run.out());
        assertTrue(
                run.err().startsWith("jnsctl: cannot check ")
                        && run.err().lines().count() == 1
                        && run.err().lines().allMatch(Printable::is),
                run.err());
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        Run run = jnsctl("check", "n".repeat(300));
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("jnsctl: cannot check nnn"), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../etc", "-x", "a/b", "no\nbody", "\u001b[2J"})
    void aNameThatIsNoUsersIsNotExplained(String user) {
        Run run = jnsctl("explain", "--", user);
        assertEquals(1, run.status());
        assertEquals("", run.out());
        String last = run.err().lines().reduce("", (a, b) -> b);
        assertTrue(
                last.startsWith("jnsctl: cannot explain ") && run.err().lines().allMatch(Printable::is), run.err());
    }

    @Test
    void nobodyIsExplainedWhoIsNotThere() {
        Run run = jnsctl("explain", "no-such-user");
        assertEquals(1, run.status());
        assertTrue(
                run.err().endsWith("jnsctl: cannot explain no-such-user: there is no user no-such-user\n"), run.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; Missing required subcommand; Usage: jnsctl [-hV] COMMAND",
                "chek; Unmatched argument at index 0: 'chek'; Usage: jnsctl [-hV] COMMAND",
                "check --frob; Unknown option: '--frob'; Usage: jnsctl check [-hV] [--json] [FILE...]",
                "explain; Missing required parameter: 'USER'; Usage: jnsctl explain [-hV] [--json] [--service=SERVICE] [--tty=TTY] USER",
                "explain a b; Unmatched argument at index 2: 'b'; Usage: jnsctl explain [-hV] [--json] [--service=SERVICE] [--tty=TTY] USER",
                "explain --service; Missing required parameter for option '--service' (SERVICE); Usage: jnsctl explain [-hV] [--json] [--service=SERVICE] [--tty=TTY] USER",
                "try --minutes 0; --minutes 0 is not a number from 1 to 120; Usage: jnsctl try [-hV] [--force] [--minutes=N]",
                "try --minutes 121; --minutes 121 is not a number from 1 to 120; Usage: jnsctl try [-hV] [--force] [--minutes=N]",
                "try --minutes five; Invalid value for option '--minutes'; Usage: jnsctl try [-hV] [--force] [--minutes=N]",
                "diff; Missing required parameter: 'USER'; Usage: jnsctl diff [-hV] [--json] [--service=SERVICE] [--tty=TTY] USER",
                "show; Missing required parameter: 'USER|SESSION'; Usage: jnsctl show [-hV] [--json] USER|SESSION",
                "why; Missing required parameter: 'PID|PATH'; Usage: jnsctl why [-hV] [--json] PID|PATH [PATH]",
                "why /tmp /x; before a path stands the number of a process, and '/tmp' is none; Usage: jnsctl why [-hV] [--json] PID|PATH [PATH]",
                "reload now; Unmatched argument at index 1: 'now'; Usage: jnsctl reload [-hV] [--force]",
            })
    void badOptionsGiveTheReasonAndTheSynopsis(String args, String reason, String synopsis) {
        Run run = jnsctl(args.isEmpty() ? new String[0] : args.split(" "));
        assertEquals(2, run.status());
        assertEquals("", run.out());
        List<String> lines = run.err().lines().toList();
        assertTrue(lines.get(0).startsWith("jnsctl: " + reason), run.err());
        assertEquals(synopsis, String.join(" ", lines.subList(1, lines.size())).replaceAll("\\s+", " "));
    }

    @Test
    void helpNamesEveryCommand() {
        Run run = jnsctl("--help");
        assertEquals(0, run.status());
        assertEquals("", run.err());
        for (String command : List.of(
                "check", "explain", "diff", "try", "confirm", "reload", "list", "show", "why", "gc", "metrics",
                "doctor")) {
            assertTrue(run.out().contains("\n  " + command + " "), run.out());
            assertEquals(0, jnsctl(command, "--help").status());
        }
        assertTrue(jnsctl("--version").out().startsWith("jns "));
    }
}
