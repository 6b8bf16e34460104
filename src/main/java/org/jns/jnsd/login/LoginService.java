// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.config.Known;
import org.jns.config.Places;
import org.jns.config.Policy;
import org.jns.config.Subjects;
import org.jns.jnsd.views.Crossing;
import org.jns.jnsd.views.Ledger;
import org.jns.linux.Fd;
import org.jns.linux.NameService;
import org.jns.linux.Progress;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Admission;
import org.jns.model.Creation;
import org.jns.model.Facts;
import org.jns.model.NamespaceKind;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.model.Verdict;
import org.jns.model.Volume;
import org.jns.plan.PasswordNeeds;
import org.jns.plan.Planner;
import org.jns.plan.Verdicts;
import org.jns.plan.ViewKey;
import org.jns.rules.RuleMatcher;
import org.jns.state.View;
import org.jns.view.FactsProbe;
import org.jns.view.SpareView;
import org.jns.wire.Reply;
import org.jns.wire.Request;

/**
 * One login from request to answer. Runs on the thread whose mount namespace becomes the user's view; from the first mount on it makes
 * system calls and nothing else.
 */
final class LoginService {
    private final Syscalls sys;
    private final Subjects subjects;
    private final NameService names;
    private final Places places;
    private final Ledger ledger;
    private final ViewMaker maker;
    private final Fd hostNamespace;
    private final long mostFiles;

    LoginService(Syscalls sys, Subjects subjects, NameService names, Places places, Ledger ledger, Fd hostNamespace, long mostFiles) {
        this.sys = sys;
        this.subjects = subjects;
        this.names = names;
        this.places = places;
        this.ledger = ledger;
        this.maker = new ViewMaker(sys, names, places, ledger);
        this.hostNamespace = hostNamespace;
        this.mostFiles = mostFiles;
    }

    /**
     * The password's pipe is read by nobody here: what it holds is not to be in this process's memory. It stays the caller's.
     *
     * @return empty if another thread answers this login
     */
    Optional<Answer> answer(Turns.Pending login, Policy policy, SpareView spare) {
        Request.Open request = login.request();
        Optional<Subject> subject;
        try {
            subject = subject(login, policy);
        } catch (Subjects.Unknown e) {
            return login.claim() ? Optional.of(Answer.refused(request, Optional.empty(), Cause.USER, e.getMessage(), List.of())) : Optional.empty();
        }
        // Nothing of the login is this thread's before here: two may have looked for the user.
        return subject.isPresent() && login.claim() ? Optional.of(answer(login, subject.get(), policy, spare)) : Optional.empty();
    }

    /** Empty if another thread knows more, or will. */
    private Optional<Subject> subject(Turns.Pending login, Policy policy) throws Subjects.Unknown {
        Request.Open request = login.request();
        return switch (login.asking()) {
            case ANYBODY -> Optional.of(subjects.of(request.user(), request.service(), request.tty(), policy));
            case NOBODY -> subjects.unasked(request.user(), request.service(), request.tty(), policy);
            case NO_LONGER -> throw subjects.notAnswered(request.user());
        };
    }

    private Answer answer(Turns.Pending login, Subject subject, Policy policy, SpareView spare) {
        Request.Open request = login.request();
        int leader = login.leader();
        Optional<Fd> password = login.password();
        Optional<Rule> undecided = subject.unasked().isEmpty() ? Optional.empty() : policy.undecided(subject);
        if (undecided.isPresent()) {
            return Answer.refused(request, Optional.of(subject), Cause.USER, notAsked(subject, undecided.get()), List.of());
        }
        Selection selection = policy.rules().map(rules -> RuleMatcher.select(rules, subject)).orElse(new Selection(List.of(), List.of()));
        Verdicts verdicts = new Verdicts(selection, subject, policy.admission());
        Optional<String> unseen = unseen();
        Asked asked = new Asked(request, leader, password, subject, selection, verdicts, policy, ledger.crossing(leader));
        if (!subject.isRoot() && Workbench.isShort(mostFiles, login.connection(), false)) {
            return failed(asked, Cause.DESCRIPTORS, Optional.empty(), tooManyFiles());
        }
        if (unseen.isPresent() && !subject.isRoot()) {
            return failed(asked, Cause.SESSION, Optional.empty(), unseen.get());
        }
        if (policy.rules().isEmpty()) {
            return failed(asked, Cause.RULES, Optional.empty(), "the rules cannot be read; run: jnsctl check");
        }
        Optional<Verdict> without = verdicts.withoutRules();
        if (without.isPresent()) {
            return without(asked, Cause.ADMISSION, without.get());
        }
        String key = ViewKey.of(selection, subject, policy.admission().sharing()).orElse("");
        Optional<Answer> joined = join(asked, key, List.of());
        if (joined.isPresent()) {
            return joined.get();
        }
        if (!subject.isRoot() && Workbench.isShort(mostFiles, login.connection(), true)) {
            return failed(asked, Cause.DESCRIPTORS, Optional.empty(), tooManyFiles());
        }
        return password.isPresent() ? select(asked, key, List.of(), spare) : withoutPassword(asked, key, spare);
    }

    /** Why it is not known which views others have made. */
    private Optional<String> unseen() {
        try {
            ledger.meetNewcomers();
            return Optional.empty();
        } catch (SyscallException e) {
            return Optional.of("cannot look for views that jnsd --once has made: " + e.getMessage());
        }
    }

    private String tooManyFiles() {
        return "cannot make a view: the open sessions have used up the " + mostFiles + " files that jnsd may have open; raise LimitNOFILE= of jnsd.service";
    }

    private static String notAsked(Subject subject, Rule rule) {
        return "cannot ask whether " + subject.user() + " is in a group that rule " + rule.name()
                + " names: the user database does not answer; try again when it does";
    }

    /** Empty if there is no such view. */
    private Optional<Answer> join(Asked asked, String key, List<String> without) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        Optional<Ledger.Given> joined;
        try {
            joined = ledger.join(asked.request(), asked.leader(), asked.subject(), key, asked.crossing());
        } catch (SyscallException e) {
            return Optional.of(failed(asked, Cause.SESSION, Optional.empty(), "cannot look for the user's view: " + e.getMessage()));
        } catch (Ledger.Barred e) {
            return Optional.of(failed(asked, Cause.NAMESPACE, Optional.empty(), asked.crossing().whyBarred()));
        }
        if (joined.isEmpty()) {
            return Optional.empty();
        }
        joined.get().warnings().addAll(leftOut(without));
        return Optional.of(granted(asked, joined.get(), List.of()));
    }

    private Answer granted(Asked asked, Ledger.Given given, List<String> notes) {
        Crossing crossing = asked.crossing();
        Optional<View> to = Optional.of(given.view());
        if (!crossing.remark(to).isEmpty()) {
            given.warnings().add(crossing.remark(to));
        }
        return Answer.granted(asked.request(), asked.subject(), given, crossing.ofHost(sys, to), asked.rules(), notes);
    }

    /** There is no view with the volumes that want one. */
    private Answer withoutPassword(Asked asked, String key, SpareView spare) {
        Optional<Rule> refusing = PasswordNeeds.refusing(asked.selection());
        if (refusing.isPresent()) {
            Origin origin = new Origin(refusing.get().name(), refusing.get().at());
            return failed(asked, Cause.VOLUME, Optional.of(origin), "cannot mount the volume: this login has no password; log in with one first");
        }
        List<String> without = PasswordNeeds.leavingOut(asked.selection());
        if (without.isEmpty()) {
            return select(asked, key, without, spare);
        }
        String other = ViewKey.without(key, without);
        Optional<Answer> joined = join(asked, other, without);
        return joined.isPresent() ? joined.get() : select(asked, other, without, spare);
    }

    private static List<String> leftOut(List<String> without) {
        return without.isEmpty() ? List.of() : List.of("not mounted, as this login has no password: the volume of rule " + String.join(", ", without));
    }

    /** A login, and what is known of it by now. */
    private record Asked(
            Request.Open request,
            int leader,
            Optional<Fd> password,
            Subject subject,
            Selection selection,
            Verdicts verdicts,
            Policy policy,
            Crossing crossing) {

        Admission admission() {
            return policy.admission();
        }

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
        Crossing crossing = comesOut ? asked.crossing() : Crossing.NONE;
        String remark = crossing.remark(Optional.empty());
        Reply reply = comesOut ? new Reply.Host(remark.isEmpty() ? why : why + "; " + remark) : new Reply.NotIsolated(why);
        List<Fd> back = crossing.ofHost(sys, Optional.empty());
        List<Fd> passed = new ArrayList<>();
        if (comesOut) {
            passed.add(hostNamespace);
            passed.addAll(back);
        }
        Optional<Cause> ifLetIn = letIn ? Optional.of(cause) : Optional.empty();
        return new Answer(
                asked.request(), Optional.of(asked.subject()), reply, passed, back, Optional.empty(), ifLetIn, asked.rules(), warnings, List.of());
    }

    /** Whoever has no view of their own has the host's; root may stay where it is. */
    private static boolean goesToHost(Asked asked) {
        return !asked.subject().isRoot() || asked.admission().rootGoesToHost();
    }

    private Answer failed(Asked asked, Cause cause, Optional<Origin> origin, String why) {
        return without(asked, cause, asked.verdicts().failed(origin, why));
    }

    /** Found ahead of any login, as a rule. */
    private static List<Creation> nameless(Selection selection) {
        List<Creation> nameless = new ArrayList<>();
        for (Rule rule : selection.chosen()) {
            Optional<Creation> create = rule.terms().create();
            if (create.isPresent() && create.get().lacksNames()) {
                nameless.add(create.get());
            }
        }
        return nameless;
    }

    private Known owners(List<Creation> creations) {
        sys.approach(Progress.USERS);
        try {
            return Known.owners(creations, names);
        } finally {
            sys.arrive();
        }
    }

    /**
     * @param without the names of the rules whose volumes are left out
     */
    private Answer select(Asked asked, String key, List<String> without, SpareView spare) {
        try {
            spare.refresh();
        } catch (SyscallException e) {
            return failed(asked, Cause.NAMESPACE, Optional.empty(), "cannot make a mount namespace: " + e.getMessage());
        }
        Selection selection = asked.selection();
        List<Creation> nameless = nameless(selection);
        if (!nameless.isEmpty()) {
            Known owners = owners(nameless);
            if (!owners.isComplete()) {
                return failed(asked, Cause.USER, Optional.empty(), "cannot look up whose the folders are that the rules create: the user database does not answer");
            }
            selection = new Selection(new RuleSet(selection.chosen()).resolved(owners::user, owners::group).rules(), selection.passedOver());
        }
        try (FactsProbe probe = new FactsProbe(sys)) {
            Facts facts = probe.examine(Planner.questions(selection, asked.subject()));
            Planned planned = Planner.plan(selection, asked.subject(), facts, places.reserved());
            Verdict verdict = asked.verdicts().of(planned);
            if (!(verdict instanceof Verdict.View view)) {
                return without(asked, Cause.PLAN, verdict);
            }
            if (asked.crossing().isBarred(view.plan().spaces().has(NamespaceKind.PID))) {
                return failed(asked, Cause.NAMESPACE, Optional.empty(), asked.crossing().whyBarred());
            }
            spare.take();
            Plan plan = view.plan().withVolumes(others(view.plan(), without));
            ViewMaker.Made made = maker.make(wanted(asked, key), plan, probe, leftOut(without));
            if (made instanceof ViewMaker.Made.Failed failed) {
                return failed(asked, failed.cause(), failed.origin(), failed.why());
            }
            ViewMaker.Made.Whole whole = (ViewMaker.Made.Whole) made;
            return granted(asked, whole.given(), whole.notes());
        }
    }

    private static ViewMaker.Wanted wanted(Asked asked, String key) {
        RuleSet inForce = asked.policy().rules().orElse(RuleSet.EMPTY);
        return new ViewMaker.Wanted(asked.request(), asked.leader(), asked.password(), asked.rules(), inForce, key);
    }

    private static List<Volume> others(Plan plan, List<String> without) {
        List<Volume> others = new ArrayList<>();
        for (Volume volume : plan.volumes()) {
            if (!without.contains(volume.origin().rule())) {
                others.add(volume);
            }
        }
        return others;
    }
}
