// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Problem;
import org.jns.model.RuleSet;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;

/** Reads the rules, with the confirmed rules as the fallback. */
public final class RulesFolder {
    private final TrustedFiles files;
    private final LastGood lastGood;
    private final TrialFile trial;
    private final Places places;
    private final Syscalls sys;

    public RulesFolder(Syscalls sys, Settings settings) {
        this.sys = sys;
        this.places = settings.places();
        this.files = new TrustedFiles(sys, true);
        this.lastGood = new LastGood(sys, places.lastGood());
        this.trial = new TrialFile(sys, places.trial());
    }

    /**
     * @param rules empty if there is an error in the files
     * @param readable the rules that could be read, regardless of errors in others: only for display
     * @param problems errors and warnings, in the order of the files
     */
    public record Loaded(Optional<RuleSet> rules, RuleSet readable, List<Problem> problems, List<RulesSource> sources) {
        public List<Problem> errors() {
            return problems.stream().filter(Problem::isError).toList();
        }
    }

    /**
     * @param rules empty if it is unknown whom the rules apply to
     * @param sources that these rules were read from
     * @param files the content of the files
     * @param decision why these rules
     */
    public record InForce(
            Optional<RuleSet> rules, List<RulesSource> sources, Loaded files, Trial.Decision decision, Moment at) {

        /** A note for an admin who looks at the files; empty if the files tell everything. */
        public Optional<String> note() {
            if (decision.next() instanceof Trial.Running running && decision.use() == Trial.Use.FILES) {
                return Optional.of(
                        "the rules in the files are on trial: without jnsctl confirm, those before them come back in "
                                + running.secondsLeft(at) + " seconds");
            }
            if (decision.use() != Trial.Use.BACK_TO_CONFIRMED) {
                return Optional.empty();
            }
            return Optional.of(
                    "the rules in force are not those in the files: "
                            + (files.rules().isEmpty()
                                    ? "the files have errors, see jnsctl check"
                                    : "a trial of these ended without jnsctl confirm; to take them: jnsctl try, or jnsctl reload"));
        }
    }

    /** The current content of the files. */
    public Loaded load() {
        TrustedFiles.Content content = files.folder(places.rules());
        Parsed parsed = RulesParser.parse(content.sources());
        List<Problem> problems =
                new ArrayList<>(content.isMissing() ? List.of(missingFolder(content)) : content.problems());
        problems.addAll(parsed.problems());
        boolean good = problems.stream().noneMatch(Problem::isError);
        return new Loaded(
                good ? Optional.of(parsed.rules()) : Optional.empty(), parsed.rules(), problems, content.sources());
    }

    /** If there never were rules, there are none now; if there were some, an admin may be replacing the folder. */
    private Problem missingFolder(TrustedFiles.Content content) {
        Problem warning = content.problems().get(0);
        return lastGoodSources().isEmpty()
                ? warning
                : Problem.error(
                        warning.at(), "the folder no longer exists; make it again, empty if there should be no rules");
    }

    /** The rules for a daemon that starts now. */
    public InForce atStart() {
        Loaded loaded = load();
        Moment now = now();
        Trial.Decision decision = Trial.after(trial.read(), now, new Trial.Event.Start(compared(loaded)));
        return decision.use() == Trial.Use.BACK_TO_CONFIRMED
                ? new InForce(lastGood(), lastGoodSources(), loaded, decision, now)
                : new InForce(loaded.rules(), loaded.sources(), loaded, decision, now);
    }

    /** How the files compare with the confirmed rules. */
    public Trial.Files compared(Loaded loaded) {
        if (loaded.rules().isEmpty()) {
            return Trial.Files.BROKEN;
        }
        return lastGood.has(loaded.sources()) ? Trial.Files.AS_CONFIRMED : Trial.Files.NEW;
    }

    /** Whether these are the confirmed rules. */
    public boolean isKept(List<RulesSource> sources) {
        return lastGood.has(sources);
    }

    /**
     * Records that these rules are confirmed.
     *
     * @throws SyscallException if they cannot be kept; the old ones remain
     */
    public void keep(List<RulesSource> sources) {
        lastGood.keep(sources);
    }

    /** The confirmed rules; empty if there never were any, or they are lost. */
    public Optional<RuleSet> lastGood() {
        return lastGood.sources()
                .map(RulesParser::parse)
                .filter(parsed -> !parsed.hasErrors())
                .map(Parsed::rules);
    }

    public List<RulesSource> lastGoodSources() {
        return lastGood.sources().orElse(List.of());
    }

    /**
     * Records whether rules are on trial.
     *
     * @throws SyscallException if that cannot be written
     */
    public void mark(Trial next) {
        trial.write(next);
    }

    public Moment now() {
        return Moment.now(sys);
    }
}
