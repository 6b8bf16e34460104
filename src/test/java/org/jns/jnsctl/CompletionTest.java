// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Compares what the shells complete with what jnsctl accepts. */
class CompletionTest {

    private static final Path BASH = Path.of("packaging/completion/jnsctl.bash");
    private static final Path ZSH = Path.of("packaging/completion/jnsctl.zsh");

    @Test
    void bashCompletesEveryCommand() throws Exception {
        Set<String> words = new TreeSet<>(commands());
        words.addAll(Set.of("--help", "--version"));
        assertEquals(words, completed("jnsctl", ""));
        assertEquals(Set.of("explain"), completed("jnsctl", "ex"));
    }

    @Test
    void bashCompletesTheOptionsOfEachCommand() throws Exception {
        for (String command : commands()) {
            assertEquals(options(command), completed("jnsctl", command, "--"), command);
        }
    }

    @Test
    void bashCompletesUsersAndFiles() throws Exception {
        assertEquals(Set.of("root"), completed("jnsctl", "explain", "roo"));
        assertEquals(Set.of("pom.xml"), completed("jnsctl", "check", "pom.x"));
        assertEquals(Set.of("pam-mount"), completed("jnsctl", "import", "--from", "pam-m"));
    }

    @Test
    void zshHasEveryCommandAndOption() throws IOException {
        String text = Files.readString(ZSH);
        for (String command : commands()) {
            assertTrue(text.contains("'" + command + ":"), command);
            for (String option : options(command)) {
                assertTrue(text.contains(option + "["), command + " " + option);
            }
        }
    }

    private static Set<String> commands() {
        return JnsCtl.commandLine().getSubcommands().keySet();
    }

    private static Set<String> options(String command) {
        CommandLine line = JnsCtl.commandLine().getSubcommands().get(command);
        Set<String> names = new TreeSet<>();
        for (OptionSpec option : line.getCommandSpec().options()) {
            names.add(option.longestName());
        }
        return names;
    }

    /** The words that bash would offer after these words, of which the last is incomplete. */
    private static Set<String> completed(String... words) throws IOException, InterruptedException {
        String script = ". " + BASH + "; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1));"
                + " _jnsctl jnsctl \"${@: -1}\" \"${@: -2:1}\"; printf '%s\\n' \"${COMPREPLY[@]}\"";
        String[] command = new String[words.length + 4];
        command[0] = "bash";
        command[1] = "-c";
        command[2] = script;
        command[3] = "bash";
        System.arraycopy(words, 0, command, 4, words.length);
        Process bash = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor());
        return new TreeSet<>(out.lines().toList());
    }
}
