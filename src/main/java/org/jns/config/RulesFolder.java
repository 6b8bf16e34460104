// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.Problem;
import org.jns.model.RuleSet;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.RulesSource;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;

/** Reads the rules, and falls back on those that were in force last. */
public final class RulesFolder {
    private final TrustedFiles files;
    private final LastGood lastGood;
    private final Places places;

    public RulesFolder(Syscalls sys, Settings settings) {
        this.places = settings.places();
        this.files = new TrustedFiles(sys, true);
        this.lastGood = new LastGood(sys, places.lastGood());
    }

    /**
     * @param rules empty if there is an error in the files
     * @param readable the rules that could be read, whatever is wrong with the others: for showing only
     * @param problems errors and warnings, in the order of the files
     */
    public record Loaded(Optional<RuleSet> rules, RuleSet readable, List<Problem> problems, List<RulesSource> sources) {
        public List<Problem> errors() {
            return problems.stream().filter(Problem::isError).toList();
        }
    }

    /** What the files say now. */
    public Loaded load() {
        TrustedFiles.Content content = files.folder(places.rules());
        Parsed parsed = RulesParser.parse(content.sources());
        List<Problem> problems = new ArrayList<>(content.problems());
        problems.addAll(parsed.problems());
        boolean good = problems.stream().noneMatch(Problem::isError);
        return new Loaded(good ? Optional.of(parsed.rules()) : Optional.empty(), parsed.rules(), problems, content.sources());
    }

    /** Remembers rules that are in force. */
    public void keep(Loaded loaded) {
        lastGood.keep(loaded.sources());
    }

    /** The rules that were in force last; empty if there never were any, or they are lost. */
    public Optional<RuleSet> lastGood() {
        try {
            return lastGood.sources().map(RulesParser::parse).filter(parsed -> !parsed.hasErrors()).map(Parsed::rules);
        } catch (SyscallException e) {
            return Optional.empty();
        }
    }
}
