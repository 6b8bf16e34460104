// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jns.apply.FactsProbe;
import org.jns.apply.InstanceStore;
import org.jns.apply.Outcome;
import org.jns.apply.PlanExecutor;
import org.jns.apply.SpareView;
import org.jns.config.Places;
import org.jns.config.Policy;
import org.jns.config.Subjects;
import org.jns.model.AbsPath;
import org.jns.model.Facts;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.plan.Planner;
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
    private final Subjects subjects;
    private final Places places;

    LoginService(Syscalls sys, NameService names, Places places) {
        this.sys = sys;
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
        Answer answer = policy.rules().isPresent()
                ? select(request, subject, RuleMatcher.select(policy.rules().get(), subject), spare)
                : Answer.without(request, Optional.of(subject), new Reply.Refused("the rules cannot be read; run: jnsctl check"), List.of());
        return letRootIn(answer, subject);
    }

    /** Whatever is wrong, root gets in, to mend it. */
    private static Answer letRootIn(Answer answer, Subject subject) {
        if (subject.isRoot() && answer.reply() instanceof Reply.Refused refused) {
            Reply reply = new Reply.NotIsolated("root gets in without a view of its own: " + refused.reason());
            return new Answer(answer.request(), answer.subject(), reply, Optional.empty(), answer.rules(), 0, List.of(refused.reason()));
        }
        return answer;
    }

    private Answer select(Request.Open request, Subject subject, Selection selection, SpareView spare) {
        if (selection.isEmpty()) {
            return Answer.without(request, Optional.of(subject), new Reply.NotIsolated("no rule is for " + subject.user()), List.of());
        }
        List<String> rules = selection.chosen().stream().map(Rule::name).toList();
        try {
            spare.refresh();
        } catch (SyscallException e) {
            Reply reply = new Reply.Refused("cannot make a mount namespace: " + e.getMessage());
            return Answer.without(request, Optional.of(subject), reply, rules);
        }
        try (FactsProbe probe = new FactsProbe(sys)) {
            Facts facts = probe.examine(Planner.questions(selection, subject));
            Planned planned = Planner.plan(selection, subject, facts, places.reserved());
            if (planned instanceof Planned.Refused refused) {
                String why = refused.why() + " (rule " + refused.origin() + ")";
                return Answer.without(request, Optional.of(subject), new Reply.Refused(why), rules);
            }
            return build(request, ((Planned.Ready) planned).plan(), probe, rules);
        }
    }

    private Answer build(Request.Open request, Plan plan, FactsProbe probe, List<String> rules) {
        InstanceStore store = new InstanceStore(sys, places.instances());
        AbsPath hidden = places.hidden();
        Outcome outcome = PlanExecutor.execute(sys, plan, probe, new PlanExecutor.Views(store, hidden));
        if (outcome instanceof Outcome.Failed failed) {
            String where = failed.step() == null ? "" : " (rule " + failed.step().origin() + ")";
            return Answer.without(request, Optional.of(plan.subject()), new Reply.Refused(failed.why() + where), rules);
        }
        Outcome.Applied applied = (Outcome.Applied) outcome;
        String session = toHex(ThreadLocalRandom.current().nextLong());
        Reply reply = new Reply.Granted(session, String.join("; ", applied.warnings()));
        return new Answer(
                request, Optional.of(plan.subject()), reply, Optional.of(applied.namespace()), rules, applied.mounts(), applied.warnings());
    }

    private static String toHex(long number) {
        String digits = Long.toHexString(number);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
