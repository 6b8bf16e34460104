// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Matcher;
import org.jns.model.PathTemplate;
import org.jns.model.Problem;
import org.jns.model.Question;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.view.FactsProbe;

/** Checks the programs of run rules as the host has them now. A login finds out which one its view has. */
public final class HookAdvice {
    private static final int EXECUTABLE = 0111;

    /** The default of pam_jns(8). */
    private static final int MODULE_WAITS_MS = 10_000;

    private HookAdvice() {}

    /** Returns only warnings; none for a program whose path has variables, or that some rule may replace. */
    public static List<Problem> on(RuleSet rules, Syscalls sys) {
        List<Problem> problems = new ArrayList<>();
        for (Rule rule : rules.rules()) {
            if (rule.directive() instanceof Directive.Run run && run.program().isConstant()) {
                AbsPath program = AbsPath.of(run.program().text());
                String trouble = trouble(program, rules, sys);
                if (!trouble.isEmpty()) {
                    problems.add(Problem.warning(
                            rule.at(), "rule [" + rule.name() + "] cannot run " + program + ": " + trouble));
                }
            }
        }
        tooLong(rules).ifPresent(problems::add);
        return problems;
    }

    /**
     * One login runs its hooks one after another. Those of rules with the same list of users run together, and with
     * those for everybody.
     */
    private static Optional<Problem> tooLong(RuleSet rules) {
        Map<List<Matcher>, Integer> sums = new HashMap<>();
        for (Rule rule : rules.rules()) {
            if (rule.directive() instanceof Directive.Run run) {
                int own = sums.merge(rule.only(), run.milliseconds(), Integer::sum);
                int forAll = rule.only().isEmpty() ? 0 : sums.getOrDefault(List.of(), 0);
                int sum = forAll + own;
                if (sum > MODULE_WAITS_MS) {
                    return Optional.of(Problem.warning(
                            rule.at(),
                            "the hooks of one login may take " + sum / 1000
                                    + " seconds together, and the login is refused after " + MODULE_WAITS_MS / 1000
                                    + "; make their timeouts shorter, or give pam_jns.so a longer timeout="));
                }
            }
        }
        return Optional.empty();
    }

    /** Why a program cannot be run; empty if it can, or if that depends on the view. */
    static String trouble(AbsPath program, RuleSet rules, Syscalls sys) {
        return mayBeCovered(program, rules) ? "" : trouble(program, sys);
    }

    private static boolean mayBeCovered(AbsPath program, RuleSet rules) {
        for (Rule rule : rules.rules()) {
            for (PathTemplate target : rule.directive().targets()) {
                if (!target.isConstant() || program.isAtOrBelow(AbsPath.of(target.text()))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Empty if it can be run. */
    private static String trouble(AbsPath program, Syscalls sys) {
        try (FactsProbe probe = new FactsProbe(sys)) {
            Fact fact = probe.examine(List.of(new Question(program, true))).at(program);
            if (fact instanceof Fact.Unusable unusable) {
                return unusable.why();
            }
            if (!(fact instanceof Fact.Present present)) {
                return "there is nothing of that name on this machine";
            }
            if (present.kind() != Fact.Kind.FILE) {
                return "it is no regular file";
            }
            if ((present.mode() & EXECUTABLE) == 0) {
                return "it is not executable; run chmod 755 on it";
            }
            if (probe.at(present.resolved())
                    .filter(file -> sys.fileSystem(file).isFuse())
                    .isPresent()) {
                return "it is on a FUSE file system";
            }
            return present.rootOnly() ? "" : "others than root can change it, or a folder on the way to it";
        }
    }
}
