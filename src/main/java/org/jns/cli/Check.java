// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jns.config.RulesFolder;
import org.jns.config.TrustedFiles;
import org.jns.model.AbsPath;
import org.jns.model.Position;
import org.jns.model.Printable;
import org.jns.model.Problem;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.RulesSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads rules as the daemon would, changes nothing, and says all that is wrong. */
@Command(
        name = "check",
        description = "Checks rules files; without a file, those of the daemon. Needs no root and changes nothing.",
        mixinStandardHelpOptions = true)
final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "a rules file", arity = "0..*")
    private List<String> files = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Host host = new Host();
        List<Problem> problems = new ArrayList<>();
        int rules = files.isEmpty() ? ofDaemon(host, problems) : ofFiles(new TrustedFiles(host.sys, false), problems);
        PrintWriter out = spec.commandLine().getOut();
        problems.forEach(out::println);
        long errors = problems.stream().filter(Problem::isError).count();
        if (errors > 0) {
            out.println(count(errors, "error"));
            return JnsCtl.FAILED;
        }
        out.println(count(rules, "rule") + ", no errors");
        return 0;
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static int ofDaemon(Host host, List<Problem> problems) {
        RulesFolder.Loaded loaded = new RulesFolder(host.sys, host.settings()).load();
        problems.addAll(loaded.problems());
        return loaded.rules().map(set -> set.rules().size()).orElse(0);
    }

    private int ofFiles(TrustedFiles trusted, List<Problem> problems) {
        List<RulesSource> sources = new ArrayList<>();
        for (String file : files) {
            TrustedFiles.Content content = trusted.file(absolute(file));
            // Problems are told by the name that the admin gave.
            content.problems().forEach(p -> problems.add(new Problem(p.severity(), new Position(file, p.at().line(), p.at().column()), p.message())));
            content.sources().forEach(source -> sources.add(new RulesSource(file, source.bytes())));
        }
        Parsed parsed = RulesParser.parse(sources);
        problems.addAll(parsed.problems());
        return parsed.rules().rules().size();
    }

    private static AbsPath absolute(String file) {
        try {
            return AbsPath.of(Path.of(file).toAbsolutePath().normalize().toString());
        } catch (IllegalArgumentException e) {
            throw new Host.Failure("cannot check " + Printable.of(file) + ": " + Printable.of(e.getMessage()));
        }
    }
}
