// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jns.apply.FactsProbe;
import org.jns.apply.Hooks;
import org.jns.apply.InstanceStore;
import org.jns.apply.Outcome;
import org.jns.apply.PlanExecutor;
import org.jns.apply.SpareView;
import org.jns.config.Places;
import org.jns.config.Policy;
import org.jns.config.Subjects;
import org.jns.model.AbsPath;
import org.jns.model.Facts;
import org.jns.model.Hook;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Printable;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Verdict;
import org.jns.plan.Planner;
import org.jns.plan.Verdicts;
import org.jns.rules.RuleMatcher;
import org.jns.sys.NameService;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;
import org.jns.wire.Reply;
import org.jns.wire.Request;

/**
 * One login from request to answer. Runs on the thread whose mount namespace becomes the user's view; from the first mount on it makes
 * system calls and nothing else.
 */
final class LoginService {
    private final Syscalls sys;
    private final NameService names;
    private final Subjects subjects;
    private final Places places;

    LoginService(Syscalls sys, NameService names, Places places) {
        this.sys = sys;
        this.names = names;
        this.subjects = new Subjects(names);
        this.places = places;
    }

    Answer answer(Request.Open request, Policy policy, SpareView spare) {
        Subject subject;
        try {
            subject = subjects.of(request.user(), request.service(), request.tty(), policy);
        } catch (Subjects.Unknown e) {
            return Answer.without(request, Optional.empty(), new Reply.Refused(e.getMessage()), List.of());
        }
        Selection selection = policy.rules().map(rules -> RuleMatcher.select(rules, subject)).orElse(new Selection(List.of(), List.of()));
        Verdicts verdicts = new Verdicts(selection, subject, policy.admission());
        Asked asked = new Asked(request, subject, selection, verdicts);
        if (policy.rules().isEmpty()) {
            return asked.without(verdicts.failed(Optional.empty(), "the rules cannot be read; run: jnsctl check"));
        }
        Optional<Verdict> without = verdicts.withoutRules();
        return without.isPresent() ? asked.without(without.get()) : select(asked, spare);
    }

    /** A login, and what is known of it by now. */
    private record Asked(Request.Open request, Subject subject, Selection selection, Verdicts verdicts) {

        List<String> rules() {
            return selection.chosen().stream().map(Rule::name).toList();
        }

        /** The answer without a view. */
        Answer without(Verdict verdict) {
            if (verdict instanceof Verdict.LetIn letIn) {
                Reply reply = new Reply.NotIsolated(letIn.text());
                return new Answer(request, Optional.of(subject), reply, Optional.empty(), rules(), 0, List.of(letIn.reason()), List.of());
            }
            Reply reply = verdict instanceof Verdict.Host host
                    ? new Reply.NotIsolated(host.why())
                    : new Reply.Refused(((Verdict.Refused) verdict).text());
            return Answer.without(request, Optional.of(subject), reply, rules());
        }

        Answer failed(Optional<Origin> origin, String why) {
            return without(verdicts.failed(origin, why));
        }
    }

    private Answer select(Asked asked, SpareView spare) {
        try {
            spare.refresh();
        } catch (SyscallException e) {
            return asked.failed(Optional.empty(), "cannot make a mount namespace: " + e.getMessage());
        }
        try (FactsProbe probe = new FactsProbe(sys)) {
            Facts facts = probe.examine(Planner.questions(asked.selection(), asked.subject()));
            Planned planned = Planner.plan(asked.selection(), asked.subject(), facts, places.reserved());
            Verdict verdict = asked.verdicts().of(planned);
            return verdict instanceof Verdict.View view ? withHooks(asked, view.plan(), probe) : asked.without(verdict);
        }
    }

    private Answer withHooks(Asked asked, Plan plan, FactsProbe probe) {
        Hooks hooks;
        try {
            hooks = Hooks.prepare(sys, plan, groups(plan));
        } catch (SyscallException e) {
            Hook first = plan.hooks().get(0);
            return asked.failed(Optional.of(first.origin()), "cannot run " + first.program() + ": " + e.getMessage());
        }
        try (hooks) {
            return build(asked, plan, probe, hooks);
        }
    }

    /** Looked up in the host's view: in the user's, the user database may be another. */
    private List<Long> groups(Plan plan) {
        for (Hook hook : plan.hooks()) {
            if (hook.asUser()) {
                return names.groupsOf(plan.subject().user(), plan.subject().gid());
            }
        }
        return List.of();
    }

    private Answer build(Asked asked, Plan plan, FactsProbe probe, Hooks hooks) {
        String session = Printable.hex(ThreadLocalRandom.current().nextLong(), 16);
        // Open until the hooks have run, too: nothing of it may be removed meanwhile.
        try (InstanceStore store = new InstanceStore(sys, places.instances(), session)) {
            return build(asked, plan, probe, hooks, store, session);
        }
    }

    private Answer build(Asked asked, Plan plan, FactsProbe probe, Hooks hooks, InstanceStore store, String session) {
        AbsPath hidden = places.hidden();
        Outcome outcome = PlanExecutor.execute(sys, plan, probe, new PlanExecutor.Views(store, hidden));
        if (outcome instanceof Outcome.Failed failed) {
            return asked.failed(Optional.ofNullable(failed.step()).map(Step::origin), failed.why());
        }
        Outcome.Applied applied = (Outcome.Applied) outcome;
        Optional<Hooks.Failed> failed = hooks.run();
        if (failed.isPresent()) {
            applied.namespace().close();
            return asked.failed(Optional.of(failed.get().hook().origin()), failed.get().why());
        }
        List<String> warnings = joined(applied.warnings(), hooks.warnings());
        Reply reply = new Reply.Granted(session, String.join("; ", warnings));
        return new Answer(
                asked.request(),
                Optional.of(plan.subject()),
                reply,
                Optional.of(applied.namespace()),
                asked.rules(),
                applied.mounts(),
                warnings,
                joined(plan.leftOut().stream().map(left -> left.target() + " is left out: " + left.why()).toList(), hooks.notes()));
    }

    private static List<String> joined(List<String> one, List<String> other) {
        if (other.isEmpty()) {
            return one;
        }
        List<String> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }
}
