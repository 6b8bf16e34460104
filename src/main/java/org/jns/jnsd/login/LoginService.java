// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.config.Known;
import org.jns.config.Places;
import org.jns.config.Policy;
import org.jns.config.Subjects;
import org.jns.jnsd.views.Ledger;
import org.jns.jnsd.views.ViewChange;
import org.jns.linux.Fd;
import org.jns.linux.NameService;
import org.jns.linux.Progress;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Cause;
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
import org.jns.state.Session;
import org.jns.state.View;
import org.jns.view.FactsProbe;
import org.jns.view.NoView;
import org.jns.view.SpareView;
import org.jns.view.ViewBuilder;
import org.jns.wire.Reply;
import org.jns.wire.Request;

/**
 * Serves one login from request to answer; {@link #answer} tells the story in order. Runs on the thread whose mount
 * namespace becomes the user's view. From the first mount on it makes system calls and nothing else.
 */
final class LoginService {
    private final Syscalls sys;
    private final Subjects subjects;
    private final NameService names;
    private final Places places;
    private final Ledger ledger;
    private final HandingOn handingOn;
    private final Fd hostNamespace;
    private final long mostFiles;

    LoginService(
            Syscalls sys,
            Subjects subjects,
            NameService names,
            Places places,
            Ledger ledger,
            Fd hostNamespace,
            long mostFiles) {
        this.sys = sys;
        this.subjects = subjects;
        this.names = names;
        this.places = places;
        this.ledger = ledger;
        this.handingOn = new HandingOn(sys, ledger);
        this.hostNamespace = hostNamespace;
        this.mostFiles = mostFiles;
    }

    /** A login, and what is known about it before it has a view. */
    private record LoginContext(
            Turns.Pending pending,
            Subject subject,
            Policy policy,
            Selection selection,
            Verdicts verdicts,
            ViewChange viewChange) {

        List<String> rules() {
            return selection.chosen().stream().map(Rule::name).toList();
        }
    }

    /**
     * Looks up the user, and answers the login. Never reads the pipe with the password, which must not enter this
     * process's memory. The caller closes the pipe.
     *
     * @return empty if another thread answers this login
     */
    Optional<Answer> serve(Turns.Pending pending, Policy policy, SpareView spare) {
        Optional<Subject> subject;
        try {
            subject = subject(pending, policy);
        } catch (Subjects.Unknown e) {
            return pending.claim() ? Optional.of(unknown(pending, Optional.empty(), e.getMessage())) : Optional.empty();
        }
        // Two threads may have looked up the user; only one goes on.
        if (subject.isEmpty() || !pending.claim()) {
            return Optional.empty();
        }
        Optional<Rule> undecided =
                subject.get().unasked().isEmpty() ? Optional.empty() : policy.undecided(subject.get());
        return Optional.of(
                undecided.isPresent()
                        ? unknown(pending, subject, notAsked(subject.get(), undecided.get()))
                        : answer(pending, subject.get(), policy, spare));
    }

    private Answer answer(Turns.Pending pending, Subject subject, Policy policy, SpareView spare) {
        Selection selection = select(policy, subject);
        Verdicts verdicts = new Verdicts(selection, subject, policy.admission());
        Optional<String> lookTrouble = meetUnseenViews();
        LoginContext login =
                new LoginContext(pending, subject, policy, selection, verdicts, ledger.viewChange(pending.leader()));
        try {
            admit(login, lookTrouble);
            String key =
                    ViewKey.of(selection, subject, policy.admission().sharing()).orElse("");
            Optional<Ledger.Given> joined = join(login, key, List.of());
            List<String> lacking = joined.isPresent() ? List.of() : needingPassword(login);
            if (!lacking.isEmpty()) {
                key = ViewKey.without(key, lacking);
                joined = join(login, key, lacking);
            }
            if (joined.isPresent()) {
                return granted(login, joined.get(), List.of());
            }
            refresh(spare);
            try (FactsProbe probe = new FactsProbe(sys)) {
                Selection owned = withOwners(selection);
                Facts facts = probe.examine(Planner.questions(owned, subject));
                Plan plan = plan(login, owned, facts, lacking);
                spare.becomesView();
                try (ViewBuilder view = new ViewBuilder(sys, names, places, Session.newId(), plan, probe)) {
                    view.open(pending.password());
                    view.warnings().addAll(notMounted(lacking));
                    RuleSet inForce = policy.rules().orElse(RuleSet.EMPTY);
                    handingOn.fill(key, login.rules(), inForce, plan, probe, view.memory(), view.warnings());
                    view.build(pending.leader());
                    Ledger.Given given = begin(login, key, view);
                    return granted(login, given, view.notes());
                }
            }
        } catch (NoView e) {
            return withoutView(login, e.cause(), e.verdict(verdicts));
        }
    }

    /** Empty if another thread looks up the user. */
    private Optional<Subject> subject(Turns.Pending pending, Policy policy) throws Subjects.Unknown {
        Request.Open request = pending.request();
        return switch (pending.asking()) {
            case ANYBODY -> Optional.of(subjects.of(request.user(), request.service(), request.tty(), policy));
            case NOBODY -> subjects.unasked(request.user(), request.service(), request.tty(), policy);
            case NO_LONGER -> throw subjects.notAnswered(request.user());
        };
    }

    private static Answer unknown(Turns.Pending pending, Optional<Subject> subject, String why) {
        return Answer.refused(pending.request(), subject, Cause.USER, why, List.of());
    }

    private static String notAsked(Subject subject, Rule rule) {
        return "cannot ask whether " + subject.user() + " is in a group that rule " + rule.name()
                + " names: the user database does not answer; try again when it does";
    }

    private static Selection select(Policy policy, Subject subject) {
        return policy.rules().isPresent()
                ? RuleMatcher.select(policy.rules().get(), subject)
                : new Selection(List.of(), List.of());
    }

    /** Learns of views that {@code jnsd --once} has made. The error, or empty. */
    private Optional<String> meetUnseenViews() {
        try {
            ledger.meetUnseenViews();
            return Optional.empty();
        } catch (SyscallException e) {
            return Optional.of("cannot look for views that jnsd --once has made: " + e.getMessage());
        }
    }

    /** Ends the login early if settings, rules or shortage decide it without a plan. */
    private void admit(LoginContext login, Optional<String> lookTrouble) throws NoView {
        requireFiles(login, false);
        if (lookTrouble.isPresent() && !login.subject().isRoot()) {
            throw new NoView(Cause.SESSION, lookTrouble.get());
        }
        if (login.policy().rules().isEmpty()) {
            throw new NoView(Cause.RULES, "the rules cannot be read; run: jnsctl check");
        }
        Optional<Verdict> decided = login.verdicts().withoutRules();
        if (decided.isPresent()) {
            throw new NoView(Cause.ADMISSION, decided.get());
        }
    }

    /** Reserves the last descriptors for root and for sessions that join a view. */
    private void requireFiles(LoginContext login, boolean forNewView) throws NoView {
        if (!login.subject().isRoot()
                && Workbench.isShort(mostFiles, login.pending().connection(), forNewView)) {
            throw new NoView(
                    Cause.DESCRIPTORS,
                    "cannot make a view: the open sessions have used up the " + mostFiles
                            + " files that jnsd may have open; raise LimitNOFILE= of jnsd.service");
        }
    }

    /** Empty if no view has that key. */
    private Optional<Ledger.Given> join(LoginContext login, String key, List<String> lacking) throws NoView {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        Request.Open request = login.pending().request();
        try {
            Optional<Ledger.Given> joined =
                    ledger.join(request, login.pending().leader(), login.subject(), key, login.viewChange());
            if (joined.isPresent()) {
                joined.get().warnings().addAll(notMounted(lacking));
            }
            return joined;
        } catch (SyscallException e) {
            throw new NoView(Cause.SESSION, "cannot look for the user's view: " + e.getMessage());
        } catch (Ledger.Barred e) {
            throw new NoView(Cause.NAMESPACE, login.viewChange().whyBarred());
        }
    }

    /** The rules whose volumes the new view lacks, because the login has no password and no view has them mounted. */
    private List<String> needingPassword(LoginContext login) throws NoView {
        requireFiles(login, true);
        if (login.pending().password().isPresent()) {
            return List.of();
        }
        Optional<Rule> refusing = PasswordNeeds.refusing(login.selection());
        if (refusing.isPresent()) {
            Origin origin = new Origin(refusing.get().name(), refusing.get().at());
            String why = "cannot mount the volume: this login has no password; log in with one first";
            throw new NoView(Cause.VOLUME, Optional.of(origin), why);
        }
        return PasswordNeeds.leavingOut(login.selection());
    }

    private static List<String> notMounted(List<String> lacking) {
        return lacking.isEmpty()
                ? List.of()
                : List.of(
                        "not mounted, as this login has no password: the volume of rule " + String.join(", ", lacking));
    }

    private static void refresh(SpareView spare) throws NoView {
        try {
            spare.refresh();
        } catch (SyscallException e) {
            throw new NoView(Cause.NAMESPACE, "cannot make a mount namespace: " + e.getMessage());
        }
    }

    /** Adds the owners of the folders that the rules create. The daemon usually knows them before any login. */
    private Selection withOwners(Selection selection) throws NoView {
        List<Creation> nameless = nameless(selection);
        if (nameless.isEmpty()) {
            return selection;
        }
        Known owners = owners(nameless);
        if (!owners.isComplete()) {
            throw new NoView(
                    Cause.USER,
                    "cannot look up whose the folders are that the rules create: the user database does not answer");
        }
        RuleSet chosen = new RuleSet(selection.chosen()).resolved(owners::user, owners::group);
        return new Selection(chosen.rules(), selection.passedOver());
    }

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

    private Plan plan(LoginContext login, Selection selection, Facts facts, List<String> lacking) throws NoView {
        Planned planned = Planner.plan(selection, login.subject(), facts, places.reserved());
        Verdict verdict = login.verdicts().of(planned);
        if (!(verdict instanceof Verdict.View view)) {
            throw new NoView(Cause.PLAN, verdict);
        }
        if (login.viewChange().isBarred(view.plan().spaces().has(NamespaceKind.PID))) {
            throw new NoView(Cause.NAMESPACE, login.viewChange().whyBarred());
        }
        return view.plan().withVolumes(without(view.plan(), lacking));
    }

    private static List<Volume> without(Plan plan, List<String> lacking) {
        List<Volume> left = new ArrayList<>();
        for (Volume volume : plan.volumes()) {
            if (!lacking.contains(volume.origin().rule())) {
                left.add(volume);
            }
        }
        return left;
    }

    /** Records the view and the session, which own the view from then on. */
    private Ledger.Given begin(LoginContext login, String key, ViewBuilder view) throws NoView {
        // A later login with the right password must not join a view in which an optional volume failed.
        String whole = ViewKey.without(key, view.failedVolumes());
        Ledger.Given given;
        try {
            Ledger.NewView made = new Ledger.NewView(
                    view.done(), login.rules(), whole, view.namespaces(), view.supportProcesses(), view.copies());
            given = ledger.begin(
                    view.session(), login.pending().request(), login.pending().leader(), made, view.warnings());
        } catch (SyscallException e) {
            throw new NoView(Cause.SESSION, "cannot begin the session: " + e.getMessage());
        }
        view.handOver();
        return given;
    }

    private Answer granted(LoginContext login, Ledger.Given given, List<String> notes) {
        ViewChange viewChange = login.viewChange();
        Optional<View> to = Optional.of(given.view());
        if (!viewChange.remark(to).isEmpty()) {
            given.warnings().add(viewChange.remark(to));
        }
        List<Fd> back = viewChange.ofHost(sys, to);
        return Answer.granted(login.pending().request(), login.subject(), given, back, login.rules(), notes);
    }

    /**
     * @param cause ignored if the verdict is that the user needs no view
     */
    private Answer withoutView(LoginContext login, Cause cause, Verdict verdict) {
        Request.Open request = login.pending().request();
        Optional<Subject> subject = Optional.of(login.subject());
        if (verdict instanceof Verdict.Refused refused) {
            return Answer.refused(request, subject, cause, refused.text(), login.rules());
        }
        boolean letIn = verdict instanceof Verdict.LetIn;
        String why = letIn ? ((Verdict.LetIn) verdict).text() : ((Verdict.Host) verdict).why();
        List<String> warnings = letIn ? List.of(((Verdict.LetIn) verdict).reason()) : List.of();
        boolean comesOut =
                goesToHost(login) && ledger.viewOf(login.pending().leader()).isPresent();
        ViewChange viewChange = comesOut ? login.viewChange() : ViewChange.NONE;
        String remark = viewChange.remark(Optional.empty());
        Reply reply =
                comesOut ? new Reply.Host(remark.isEmpty() ? why : why + "; " + remark) : new Reply.NotIsolated(why);
        List<Fd> back = viewChange.ofHost(sys, Optional.empty());
        List<Fd> passed = new ArrayList<>();
        if (comesOut) {
            passed.add(hostNamespace);
            passed.addAll(back);
        }
        Optional<Cause> ifLetIn = letIn ? Optional.of(cause) : Optional.empty();
        return new Answer(
                request, subject, reply, passed, back, Optional.empty(), ifLetIn, login.rules(), warnings, List.of());
    }

    /** Users without a view get the host's; root may stay in the current one. */
    private static boolean goesToHost(LoginContext login) {
        return !login.subject().isRoot() || login.policy().admission().rootGoesToHost();
    }
}
