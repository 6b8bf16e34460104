// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.advice.Advice;
import org.jns.advice.FolderAdvice;
import org.jns.config.LastSettings;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.config.TrustedFiles;
import org.jns.jnsctl.output.Host;
import org.jns.linux.NameService;
import org.jns.linux.SyscallException;
import org.jns.model.Position;
import org.jns.model.Problem;
import org.jns.model.RuleSet;
import org.jns.preflight.Forecast;
import org.jns.preflight.Preflight;
import org.jns.state.Records;

/**
 * The rules that a daemon would read now, and the findings about them.
 *
 * @param readable the rules that could be read, regardless of errors in others
 * @param problems with the settings and the files, and advice; also a note if other rules are in force
 * @param forecast the effects of the rules on users' logins; empty if the files have errors
 */
public record InstalledRules(Settings settings, RuleSet readable, List<Problem> problems, Optional<Forecast> forecast) {

    public static InstalledRules read(Host host) {
        Settings.Loaded loaded = Settings.read(new TrustedFiles(host.sys, true));
        Settings settings = loaded.settings();
        List<Problem> problems = new ArrayList<>(with(loaded, host));
        new LastSettings(host.sys)
                .note(settings)
                .ifPresent(note -> problems.add(Problem.warning(new Position(Settings.FILE.value(), 1, 1), note)));
        RulesFolder.InForce inForce = new RulesFolder(host.sys, settings).atStart();
        RulesFolder.Loaded files = inForce.files();
        // Errors in the files are more important.
        if (files.rules().isPresent()) {
            inForce.note()
                    .ifPresent(note -> problems.add(
                            Problem.warning(new Position(settings.rules().value(), 1, 1), note)));
        }
        problems.addAll(files.problems());
        problems.addAll(RulesAdvice.on(files.readable(), files.sources(), host));
        boolean isGood = problems.stream().noneMatch(Problem::isError);
        Optional<Forecast> forecast =
                isGood ? Optional.of(forecast(files.readable(), settings, host)) : Optional.empty();
        return new InstalledRules(settings, files.readable(), problems, forecast);
    }

    /** Further problems: users who would be refused, and features that this kernel lacks. */
    public List<Problem> foreseen() {
        return forecast.map(one -> one.problems(new Position(settings.rules().value(), 1, 1)))
                .orElse(List.of());
    }

    /** The effects of rules on users' logins. */
    static Forecast forecast(RuleSet rules, Settings settings, Host host) {
        Preflight.Question question = new Preflight.Question(
                rules,
                Optional.empty(),
                settings.admission(),
                settings.places().reserved(),
                open(settings, host),
                host.isRoot());
        return Preflight.of(question, host::another, Preflight.WITHIN_MS);
    }

    /** The users with a view; empty if an ordinary user asks. */
    private static List<Preflight.Open> open(Settings settings, Host host) {
        try (Records records = new Records(host.sys, settings.state())) {
            return records.allSessions(host.sys).stream()
                    .map(session -> new Preflight.Open(session.user(), session.service()))
                    .toList();
        } catch (SyscallException e) {
            return List.of();
        }
    }

    /** The problems of settings, and advice about them. */
    static List<Problem> with(Settings.Loaded loaded, Host host) {
        List<Problem> problems = new ArrayList<>(loaded.problems());
        problems.addAll(FolderAdvice.on(loaded, host.sys));
        problems.addAll(Advice.on(loaded, Advice.people(new NameService())));
        return problems;
    }
}
