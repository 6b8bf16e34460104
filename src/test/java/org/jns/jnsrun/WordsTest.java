// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the options of jnsrun with those that the completions offer and the man page explains. */
class WordsTest {
    private static final String BASH = "packaging/completion/jnsrun.bash";
    private static final String ZSH = "packaging/completion/jnsrun.zsh";
    private static final String PAGE = "packaging/man/jnsrun.1";

    static Stream<String> options() {
        return CommandLines.of(new RunOptions(false)).getCommandSpec().options().stream()
                .flatMap(option -> Stream.of(option.names()));
    }

    static Stream<String> longOptions() {
        return options().filter(name -> name.startsWith("--"));
    }

    private static boolean has(String file, String word) throws IOException {
        String text = Files.readString(Path.of(file))
                .replace("\\-", "-")
                .replace("\\fR,\\fP\\~", " ")
                .replace("\\~", " ");
        return (" " + text).matches("(?s).*[^-\\w]" + word + "[^-\\w].*");
    }

    @ParameterizedTest
    @MethodSource("longOptions")
    void isOfferedByBash(String option) throws IOException {
        assertTrue(has(BASH, option));
    }

    @ParameterizedTest
    @MethodSource("options")
    void isOfferedByZsh(String option) throws IOException {
        assertTrue(has(ZSH, option));
    }

    @ParameterizedTest
    @MethodSource("options")
    void isOnThePage(String option) throws IOException {
        assertTrue(has(PAGE, option));
    }

    static Stream<String> offered() throws IOException {
        return Stream.of(BASH, ZSH, PAGE)
                .flatMap(file -> {
                    try {
                        String text = Files.readString(Path.of(file)).replace("\\-", "-");
                        return java.util.regex.Pattern.compile("(?<![-\\w])--[a-z]+(?:-[a-z]+)*")
                                .matcher(text)
                                .results()
                                .map(found -> found.group());
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("offered")
    void isAnOption(String word) {
        // The page also names options of unshare(1) that do not exist here, and one of jnsenter(1).
        boolean named = Stream.of("--owner", "--mount-binfmt", "--load-interp", "--whitelist-env", "--pty")
                .anyMatch(word::equals);
        assertTrue(named || options().anyMatch(word::equals), word);
    }
}
