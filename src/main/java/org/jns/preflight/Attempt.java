// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.Errno;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.PathTemplate;
import org.jns.model.PathTemplate.Variable;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.model.Verdict;
import org.jns.plan.Planner;
import org.jns.plan.Verdicts;
import org.jns.preflight.Forecast.Certainty;
import org.jns.rules.RuleMatcher;
import org.jns.view.FactsProbe;

/** Plans one login like the daemon, and tells its outcome. Read-only. */
final class Attempt {
    private static final String DENIED = Errno.text(Errno.EACCES);

    private final RuleSet rules;
    private final Optional<RuleSet> before;
    private final Admission admission;
    private final List<AbsPath> reserved;
    private final boolean asRoot;

    /** The outcome of a login. */
    sealed interface Result {}

    record Passes() implements Result {}

    record Fails(Forecast.Refused refused) implements Result {}

    /** It could not be found out. */
    record Unclear(String why) implements Result {}

    /**
     * @param before the rules in force; empty if there are none
     * @param asRoot whether a path that cannot be read here is closed to the daemon as well
     */
    Attempt(RuleSet rules, Optional<RuleSet> before, Admission admission, List<AbsPath> reserved, boolean asRoot) {
        this.rules = rules;
        this.before = before;
        this.admission = admission;
        this.reserved = reserved;
        this.asRoot = asRoot;
    }

    Result of(Syscalls sys, Candidate login) {
        try {
            Optional<Verdict.Refused> refused = refusal(sys, rules, login.subject());
            return refused.isEmpty() ? new Passes() : new Fails(judged(sys, login, refused.get()));
        } catch (Unseen e) {
            return new Unclear(e.getMessage());
        } catch (SyscallException e) {
            return new Unclear("cannot look at the folders of the rules: " + e.getMessage());
        } catch (RuntimeException e) {
            // An internal error. On a thread of the daemon it must neither end the daemon nor block good rules.
            return new Unclear("internal error: " + e);
        }
    }

    /** The caller may not look at a path. */
    private static final class Unseen extends Exception {
        private static final long serialVersionUID = 1L;

        Unseen(String message) {
            super(message, null, false, false);
        }
    }

    private Optional<Verdict.Refused> refusal(Syscalls sys, RuleSet from, Subject subject) throws Unseen {
        Selection selection = RuleMatcher.select(from, subject);
        Verdicts verdicts = new Verdicts(selection, subject, admission);
        Optional<Verdict> without = verdicts.withoutRules();
        if (without.isPresent()) {
            return without.filter(Verdict.Refused.class::isInstance).map(Verdict.Refused.class::cast);
        }
        try (FactsProbe probe = new FactsProbe(sys)) {
            Facts facts = probe.examine(Planner.questions(selection, subject));
            Verdict verdict = verdicts.of(Planner.plan(selection, subject, facts, reserved));
            if (verdict instanceof Verdict.Refused refused) {
                mustBeSeen(facts);
                return Optional.of(refused);
            }
            return Optional.empty();
        }
    }

    /** The daemon may look at paths that an ordinary user may not. */
    private void mustBeSeen(Facts facts) throws Unseen {
        for (Fact fact : facts.byPath().values()) {
            if (!asRoot
                    && fact instanceof Fact.Unusable unusable
                    && unusable.why().startsWith(DENIED)) {
                throw new Unseen("only root may look: " + unusable.why());
            }
        }
    }

    private Forecast.Refused judged(Syscalls sys, Candidate login, Verdict.Refused refused) throws Unseen {
        Certainty certainty = Certainty.NEW;
        if (refused.origin().isEmpty()) {
            certainty = Certainty.MEANT;
        } else if (mayBeMade(sys, login, refused)) {
            certainty = Certainty.UNLIKELY;
        } else if (before.isPresent()
                && refusal(sys, before.get(), login.subject()).isPresent()) {
            certainty = Certainty.AS_BEFORE;
        }
        return new Forecast.Refused(
                login.subject().user(), login.subject().service(), refused.origin(), refused.why(), certainty);
    }

    /**
     * A home folder may be made when its user logs in for the first time (pam_mkhomedir), and a server's account does
     * not need what users have.
     */
    private boolean mayBeMade(Syscalls sys, Candidate login, Verdict.Refused refused) {
        Set<Variable> used = new HashSet<>();
        for (Rule rule : rules.rules()) {
            if (rule.name().equals(refused.origin().orElseThrow().rule())) {
                used.addAll(variables(rule.directive()));
            }
        }
        return login.isService() ? !used.isEmpty() : used.contains(Variable.HOME) && hasNoHome(sys, login.subject());
    }

    private static Set<Variable> variables(Directive directive) {
        Set<Variable> used = new HashSet<>();
        for (List<PathTemplate> paths : List.of(directive.places(), directive.sources())) {
            paths.forEach(path -> used.addAll(path.variables()));
        }
        return used;
    }

    private static boolean hasNoHome(Syscalls sys, Subject subject) {
        try {
            sys.open(Optional.empty(), AbsPath.of(subject.home()).value(), OpenAs.LINK_ITSELF, Walk.NO_LINKS)
                    .close();
            return false;
        } catch (SyscallException e) {
            return e.errno() == Errno.ENOENT;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
