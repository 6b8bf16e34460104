// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.jnsenter.Getopt.Item;
import org.jns.jnsenter.Getopt.Option;
import org.jns.jnsenter.Getopt.Value;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GetoptTest {
    private static final List<Option> OPTIONS = List.of(
            new Option('a', "all", Value.NONE),
            new Option('t', "target", Value.NEEDED),
            new Option('n', "net", Value.ATTACHED),
            new Option('N', "net-socket", Value.NEEDED),
            new Option('e', "env", Value.VARIABLE),
            new Option('\0', "pty", Value.NONE));

    private static String read(String line) throws Getopt.Misuse {
        Getopt getopt = new Getopt(OPTIONS, line.isEmpty() ? List.of() : List.of(line.split(" ")));
        List<String> read = new ArrayList<>();
        for (Optional<Item> item = getopt.next(); item.isPresent(); item = getopt.next()) {
            read.add(item.get().option().map(Option::name).orElse("")
                    + item.get().value().map(value -> "(" + value + ")").orElse(""));
        }
        return String.join(" ", read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-a|all",
                "-aa|all all",
                "-t 5|target(5)",
                "-t5|target(5)",
                "-at5|all target(5)",
                "-t -5|target(-5)",
                "--target=5|target(5)",
                "--target 5|target(5)",
                "--tar 5|target(5)",
                "--a|all",
                "--net|net",
                "--net-s 3|net-socket(3)",
                "-n|net",
                "-n x|net (x)",
                "-nx|net(x)",
                "-n=x|net(x)",
                "-n==x|net(=x)",
                "-na|net(a)",
                "--net=x|net(x)",
                "--net x|net (x)",
                "--net=|net()",
                "-N 3|net-socket(3)",
                "-e|env",
                "-e A=b|env (A=b)",
                "-ea|env all",
                "--env A=b|env(A=b)",
                "--env=A=b|env(A=b)",
                "--env x|env (x)",
                "--env 1A=b|env (1A=b)",
                "--env -a|env all",
                "x -a|(x) all",
                "-- -a|(-a)",
                "x -- -- -a|(x) (--) (-a)",
                "-|(-)",
                "- -a|(-) all",
            })
    void readsAsTheCLibraryDoes(String line, String expected) throws Getopt.Misuse {
        assertEquals(expected, read(line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-x|unknown option -x",
                "-ax|unknown option -x",
                "--x|unknown option --x",
                "-t|option -t needs a value",
                "--target|option --target needs a value",
                "--all=x|option --all takes no value",
                "--ne 3|option --ne could be --net or --net-socket",
                "--ne=3|option --ne could be --net or --net-socket",
                "-=|unknown option -=",
            })
    void saysWhatMeansNothing(String line, String expected) {
        assertEquals(
                expected, assertThrows(Getopt.Misuse.class, () -> read(line)).getMessage());
    }
}
