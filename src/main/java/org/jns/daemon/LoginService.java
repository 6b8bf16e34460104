// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.jns.model.Admission;
import org.jns.model.Facts;
import org.jns.model.Hook;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Verdict;
import org.jns.plan.Planner;
import org.jns.plan.Verdicts;
import org.jns.plan.ViewKey;
import org.jns.rules.RuleMatcher;
import org.jns.sys.Fd;
import org.jns.sys.NameService;
import org.jns.sys.Namespaces;
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
    private final Ledger ledger;
    private final Fd hostNamespace;

    LoginService(Syscalls sys, NameService names, Places places, Ledger ledger, Fd hostNamespace) {
        this.sys = sys;
        this.names = names;
        this.subjects = new Subjects(names);
        this.places = places;
        this.ledger = ledger;
        this.hostNamespace = hostNamespace;
    }

    /**
     * @param leader pid of the process that asks
     * @param password a pipe that nobody here ever reads: what it holds is not to be in this process's memory. It stays the caller's.
     */
    Answer answer(Request.Open request, int leader, Policy policy, SpareView spare, Optional<Fd> password) {
        Subject subject;
        try {
            subject = subjects.of(request.user(), request.service(), request.tty(), policy);
        } catch (Subjects.Unknown e) {
            return Answer.refused(request, Optional.empty(), Cause.USER, e.getMessage(), List.of());
        }
        Selection selection = policy.rules().map(rules -> RuleMatcher.select(rules, subject)).orElse(new Selection(List.of(), List.of()));
        Verdicts verdicts = new Verdicts(selection, subject, policy.admission());
        Asked asked = new Asked(request, leader, subject, selection, verdicts, policy.admission());
        if (policy.rules().isEmpty()) {
            return failed(asked, Cause.RULES, Optional.empty(), "the rules cannot be read; run: jnsctl check");
        }
        Optional<Verdict> without = verdicts.withoutRules();
        if (without.isPresent()) {
            return without(asked, Cause.ADMISSION, without.get());
        }
        Optional<String> key = ViewKey.of(selection, subject, policy.admission().sharing());
        return key.isPresent() ? join(asked, key.get(), spare) : select(asked, "", spare);
    }

    private Answer join(Asked asked, String key, SpareView spare) {
        Optional<Ledger.Given> joined;
        try {
            joined = ledger.join(asked.request(), asked.leader(), asked.subject(), key);
        } catch (SyscallException e) {
            return failed(asked, Cause.SESSION, Optional.empty(), "cannot look for the user's view: " + e.getMessage());
        }
        return joined.isPresent()
                ? Answer.granted(asked.request(), asked.subject(), joined.get(), asked.rules(), List.of())
                : select(asked, key, spare);
    }

    /** A login, and what is known of it by now. */
    private record Asked(Request.Open request, int leader, Subject subject, Selection selection, Verdicts verdicts, Admission admission) {

        List<String> rules() {
            return selection.chosen().stream().map(Rule::name).toList();
        }
    }

    /**
     * The answer without a view.
     *
     * @param cause unless the verdict is that there should be none
     */
    private Answer without(Asked asked, Cause cause, Verdict verdict) {
        if (verdict instanceof Verdict.Refused refused) {
            return Answer.refused(asked.request(), Optional.of(asked.subject()), cause, refused.text(), asked.rules());
        }
        boolean letIn = verdict instanceof Verdict.LetIn;
        String why = letIn ? ((Verdict.LetIn) verdict).text() : ((Verdict.Host) verdict).why();
        List<String> warnings = letIn ? List.of(((Verdict.LetIn) verdict).reason()) : List.of();
        boolean comesOut = goesToHost(asked) && ledger.viewOf(asked.leader()).isPresent();
        Reply reply = comesOut ? new Reply.Host(why) : new Reply.NotIsolated(why);
        List<Fd> passed = comesOut ? List.of(hostNamespace) : List.of();
        Optional<Cause> ifLetIn = letIn ? Optional.of(cause) : Optional.empty();
        return new Answer(
                asked.request(), Optional.of(asked.subject()), reply, passed, Optional.empty(), ifLetIn, asked.rules(), warnings, List.of());
    }

    /** Whoever has no view of their own has the host's; root may stay where it is. */
    private static boolean goesToHost(Asked asked) {
        return !asked.subject().isRoot() || asked.admission().rootGoesToHost();
    }

    private Answer failed(Asked asked, Cause cause, Optional<Origin> origin, String why) {
        return without(asked, cause, asked.verdicts().failed(origin, why));
    }

    private Answer select(Asked asked, String key, SpareView spare) {
        try {
            spare.refresh();
        } catch (SyscallException e) {
            return failed(asked, Cause.NAMESPACE, Optional.empty(), "cannot make a mount namespace: " + e.getMessage());
        }
        try (FactsProbe probe = new FactsProbe(sys)) {
            Facts facts = probe.examine(Planner.questions(asked.selection(), asked.subject()));
            Planned planned = Planner.plan(asked.selection(), asked.subject(), facts, places.reserved());
            Verdict verdict = asked.verdicts().of(planned);
            if (!(verdict instanceof Verdict.View view)) {
                return without(asked, Cause.PLAN, verdict);
            }
            spare.take();
            return withHooks(asked, key, view.plan(), probe);
        }
    }

    private Answer withHooks(Asked asked, String key, Plan plan, FactsProbe probe) {
        Hooks hooks;
        try {
            hooks = Hooks.prepare(sys, plan, groups(plan));
        } catch (SyscallException e) {
            Hook first = plan.hooks().get(0);
            return failed(asked, Cause.HOOK, Optional.of(first.origin()), "cannot run " + first.program() + ": " + e.getMessage());
        }
        try (hooks) {
            return build(asked, key, plan, probe, hooks);
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

    private Answer build(Asked asked, String key, Plan plan, FactsProbe probe, Hooks hooks) {
        String session = Ledger.newSession();
        // Open until the hooks have run, too: nothing of it may be removed meanwhile.
        try (InstanceStore store = new InstanceStore(sys, places.instances(), session)) {
            return build(asked, key, plan, probe, hooks, store, session);
        }
    }

    private Answer build(Asked asked, String key, Plan plan, FactsProbe probe, Hooks hooks, InstanceStore store, String session) {
        AbsPath hidden = places.hidden();
        Outcome outcome = PlanExecutor.execute(sys, plan, probe, new PlanExecutor.Views(store, hidden));
        if (outcome instanceof Outcome.Failed failed) {
            return failed(asked, Cause.MOUNT, Optional.ofNullable(failed.step()).map(Step::origin), failed.why());
        }
        Outcome.Applied applied = (Outcome.Applied) outcome;
        Optional<Hooks.Failed> failed = hooks.run();
        if (failed.isPresent()) {
            applied.namespace().close();
            return failed(asked, Cause.HOOK, Optional.of(failed.get().hook().origin()), failed.get().why());
        }
        List<String> warnings = new ArrayList<>(applied.warnings());
        warnings.addAll(hooks.warnings());
        Ledger.Given given;
        try {
            given = ledger.begin(session, asked.request(), asked.leader(), plan, asked.rules(), key, Namespaces.only(applied.namespace()), warnings);
        } catch (SyscallException e) {
            applied.namespace().close();
            return failed(asked, Cause.SESSION, Optional.empty(), "cannot begin the session: " + e.getMessage());
        }
        List<String> notes = new ArrayList<>(plan.leftOut().stream().map(left -> left.target() + " is left out: " + left.why()).toList());
        notes.addAll(hooks.notes());
        return Answer.granted(asked.request(), plan.subject(), given, asked.rules(), notes);
    }
}
