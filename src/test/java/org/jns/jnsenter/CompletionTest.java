// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Compares what the shells complete, the manual describes and the help prints with what jnsenter accepts. */
class CompletionTest {
    private static final Path BASH = Path.of("packaging/completion/jnsenter.bash");
    private static final Path ZSH = Path.of("packaging/completion/jnsenter.zsh");
    private static final Path MANUAL = Path.of("packaging/man/jnsenter.1");

    /** The words that bash would offer at the end of the line. */
    private static Set<String> completed(String line) throws Exception {
        String script = ". " + BASH + "; COMP_LINE=$1; COMP_POINT=${#1}; read -ra COMP_WORDS <<<\"${1//:/ : }\";"
                + " [[ $1 != *[[:blank:]] ]] || COMP_WORDS+=(''); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                + " _jnsenter jnsenter \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\" 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("bash", "-c", script, "bash", line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor());
        return new TreeSet<>(out.lines().toList());
    }

    private static Set<String> options() {
        Set<String> names = new TreeSet<>();
        EnterOptions.ALL.forEach(option -> names.add(option.shown()));
        return names;
    }

    @Test
    void bashCompletesTheOptions() throws Exception {
        assertEquals(options(), completed("jnsenter --"));
        assertEquals(options(), completed("jnsenter alice --"));
        assertEquals(Set.of("--net", "--net-socket"), completed("jnsenter -t 5 --net"));
    }

    @Test
    void bashCompletesTargets() throws Exception {
        assertTrue(completed("jnsenter ").containsAll(Set.of("session:", "unit:", "pid:")));
        assertTrue(completed("jnsenter -S root ").contains("unit:"));
        assertEquals(
                Set.of("1"),
                completed("jnsenter pid:1").stream()
                        .filter(pid -> pid.equals("1"))
                        .collect(java.util.stream.Collectors.toSet()));
        assertEquals(
                Set.of("/etc/passwd"),
                completed("jnsenter /etc/passw").stream()
                        .filter(path -> path.equals("/etc/passwd"))
                        .collect(java.util.stream.Collectors.toSet()));
    }

    @Test
    void bashCompletesUsersAndFilesOfOptions() throws Exception {
        assertEquals(Set.of("root"), completed("jnsenter x -S roo"));
        assertEquals(Set.of("follow"), completed("jnsenter x -S follo"));
        assertEquals(Set.of("pom.xml"), completed("jnsenter --net=pom.x"));
    }

    @Test
    void bashCompletesTheCommandBehindTheTarget() throws Exception {
        assertTrue(completed("jnsenter alice setp").contains("setpriv"));
        assertTrue(completed("jnsenter session:00 setp").contains("setpriv"));
        assertTrue(completed("jnsenter --host setp").contains("setpriv"));
        assertTrue(completed("jnsenter -t 5 -m setp").contains("setpriv"));
        assertEquals(Set.of("pom.xml"), completed("jnsenter alice cat pom.x"));
    }

    @Test
    void zshTheManualAndTheHelpHaveEveryOption() throws IOException {
        String zsh = Files.readString(ZSH);
        String manual = Files.readString(MANUAL).replace("\\-", "-");
        for (Getopt.Option option : EnterOptions.ALL) {
            assertTrue(zsh.contains(option.shown()), "zsh: " + option.shown());
            assertTrue(manual.contains(option.shown()), "manual: " + option.shown());
            assertTrue(Help.text().contains(option.shown()), "help: " + option.shown());
        }
    }
}
