// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.config.Settings;
import org.jns.config.TrustedFiles;
import org.jns.jnsctl.output.ExitStatus;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.output.JsonCommand;
import org.jns.model.AbsPath;
import org.jns.model.Position;
import org.jns.model.Printable;
import org.jns.model.Problem;
import org.jns.preflight.Forecast;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Reads settings and rules like the daemon, and reports all their problems. Read-only. */
@Command(
        name = "check",
        description =
                "Checks rules files; without a file, the settings and the rules of the daemon. It plans the logins of those with an open view, of those"
                        + " whom rules name, and of one local user for each set of rules, and says who would be refused. Needs no root and changes nothing.")
public final class Check extends JsonCommand {
    @Parameters(
            paramLabel = "FILE",
            description = "a rules file, or the settings file by its full name",
            arity = "0..*")
    private List<String> files = new ArrayList<>();

    private final List<Problem> problems = new ArrayList<>();
    private Optional<Forecast> forecast = Optional.empty();

    @Override
    public Integer call() throws IOException {
        Host host = new Host();
        int rules = files.isEmpty() ? ofDaemon(host) : ofFiles(host);
        CheckReport report = new CheckReport(rules, problems, forecast);
        if (json) {
            report.printJson(out());
        } else {
            report.print(out(), spec.commandLine().getColorScheme().ansi().enabled());
        }
        return report.errors() > 0 ? ExitStatus.FAILED : 0;
    }

    private int ofDaemon(Host host) {
        InstalledRules installed = InstalledRules.read(host);
        problems.addAll(installed.problems());
        problems.addAll(installed.foreseen());
        AbsPath folders = installed.settings().instances();
        Position settings = new Position(Settings.FILE.value(), 1, 1);
        host.missingDisk(folders)
                .ifPresent(why ->
                        problems.add(Problem.warning(settings, "users without private folders are refused: " + why)));
        forecast = installed.forecast();
        return installed.readable().rules().size();
    }

    private int ofFiles(Host host) {
        TrustedFiles trusted = new TrustedFiles(host.sys, false);
        List<RulesSource> sources = new ArrayList<>();
        for (String file : files) {
            AbsPath path = absolute(file);
            TrustedFiles.Content content = trusted.file(path);
            // Problems show the name that the admin gave.
            content.problems()
                    .forEach(p -> problems.add(new Problem(
                            p.severity(), new Position(file, p.at().line(), p.at().column()), p.message())));
            for (RulesSource source : content.sources()) {
                RulesSource named = new RulesSource(file, source.bytes());
                if (path.equals(Settings.FILE)) {
                    problems.addAll(InstalledRules.with(Settings.parse(named), host));
                } else {
                    sources.add(named);
                }
            }
        }
        Parsed parsed = RulesParser.parse(sources);
        problems.addAll(parsed.problems());
        problems.addAll(RulesAdvice.on(parsed.rules(), sources, host));
        if (!sources.isEmpty() && problems.stream().noneMatch(Problem::isError)) {
            forecast = Optional.of(InstalledRules.forecast(
                    parsed.rules(),
                    Settings.read(new TrustedFiles(host.sys, false)).settings(),
                    host));
            problems.addAll(forecast.get().problems(new Position(sources.get(0).name(), 1, 1)));
        }
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
