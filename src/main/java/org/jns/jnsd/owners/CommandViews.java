// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.owners;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jns.config.Policy;
import org.jns.config.Subjects;
import org.jns.jnsd.login.Owner;
import org.jns.jnsd.login.Served;
import org.jns.jnsd.login.Workbench;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.NameService;
import org.jns.linux.Passwd;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Threads;
import org.jns.model.Cause;
import org.jns.model.Directive;
import org.jns.model.Printable;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.rules.CommandRules;
import org.jns.view.CommandView;
import org.jns.view.NoView;
import org.jns.wire.Codec;
import org.jns.wire.Reply;

/**
 * Makes views for one command, at a user's request: from a rule that allows it and all rules of the user's sessions. A
 * separate thread makes each view, because a file system that it reads may hang. A user has one view made at a time,
 * and their total is small, so that logins keep the machine. Such a view belongs to no session: it is not pinned, and
 * ends with its processes. If the making hangs, the user is told, and no other user loses room.
 *
 * <p>Reasons: docs/decisions/28-command-views.md
 */
public final class CommandViews {
    private static final int MOST = 8;
    /** Threads that hang, perhaps for ever. */
    private static final int MOST_LATE = 32;

    private static final long PATIENCE_NS = 10_000_000_000L;
    private static final int LOOK_MS = 1_000;

    private final Workbench.Common common;
    private final Supplier<Policy> policy;
    private final Consumer<Served> done;
    private final Set<Making> making = ConcurrentHashMap.newKeySet();

    /** A view in the making. The main thread answers in place of a thread that hangs; the first of the two answers. */
    private static final class Making {
        final Fd connection;
        final Sockets.Peer peer;
        final Owner owner;
        final String rule;
        private final long since = System.nanoTime();
        volatile boolean begun;
        private boolean isAnswered;

        Making(Fd connection, Sockets.Peer peer, Owner owner, String rule) {
            this.connection = connection;
            this.peer = peer;
            this.owner = owner;
            this.rule = rule;
        }

        /** Returns true once: to the thread that answers. */
        synchronized boolean claim() {
            boolean first = !isAnswered;
            isAnswered = true;
            return first;
        }

        boolean isLate() {
            return System.nanoTime() - since > PATIENCE_NS;
        }
    }

    /** @param done gets the outcome, on any thread */
    public CommandViews(Workbench.Common common, Supplier<Policy> policy, Consumer<Served> done) {
        this.common = common;
        this.policy = policy;
        this.done = done;
    }

    /**
     * Called by the main thread.
     *
     * @param connection is taken over, and gets the answer
     * @param owner counted for the limit of one at a time
     */
    void begin(Fd connection, Sockets.Peer peer, Owner owner, String rule) {
        Making one = new Making(connection, peer, owner, rule);
        long late = making.stream().filter(Making::isLate).count();
        if (making.stream().anyMatch(other -> other.owner.sharesWith(owner))
                || making.size() - late >= MOST
                || late >= MOST_LATE) {
            finish(one, refusal("another view is being made; try again in a moment"));
            return;
        }
        making.add(one);
        if (!Threads.start(new Thread(null, () -> work(one), "command"))) {
            making.remove(one);
            finish(
                    one,
                    refusal(
                            "jnsd may not start another thread; try again later, and tell your administrator: TasksMax= of its unit"));
        }
    }

    /** How long the main thread may wait, in milliseconds. Called by the main thread. */
    int waitAtMost(int most) {
        return making.isEmpty() ? most : Math.min(most, LOOK_MS);
    }

    /**
     * Called by the main thread: answers the users who have waited too long. The hanging thread goes on without a
     * client.
     */
    void passTime() {
        for (Making one : making) {
            if (one.isLate() && one.claim()) {
                finish(one, refusal("a folder of the rules, or the user database, does not answer"));
            }
        }
    }

    /** A view, or the reason for not making one. */
    private record Outcome(Optional<Fd> view, String warning, String why) {}

    private static Outcome refusal(String why) {
        return new Outcome(Optional.empty(), "", why);
    }

    private void work(Making one) {
        Outcome outcome;
        try {
            outcome = make(one);
        } catch (NoView e) {
            outcome = refusal(e.text());
        } catch (Subjects.Unknown | SyscallException e) {
            outcome = refusal(e.getMessage());
        } catch (RuntimeException e) {
            outcome = refusal("internal error: " + e);
        } finally {
            making.remove(one);
        }
        if (one.claim()) {
            finish(one, outcome);
        } else {
            outcome.view().ifPresent(Fd::close);
        }
    }

    private Outcome make(Making one) throws NoView, Subjects.Unknown {
        Sockets.Peer peer = one.peer;
        NameService names = new NameService();
        Policy now = policy.get();
        Passwd user = names.user(peer.uid())
                .orElseThrow(() -> new NoView(Cause.USER, "there is no user of uid " + peer.uid()));
        Syscalls sys = new LinuxSyscalls(common.proc());
        Subject subject = new Subjects(names, sys).of(user.name(), CommandRules.SERVICE, "", now);
        if (subject.uid() != peer.uid()) {
            throw new NoView(Cause.USER, "uid " + peer.uid() + " is not the one that " + user.name() + " has");
        }
        if (now.undecided(subject).isPresent()) {
            throw new NoView(
                    Cause.USER,
                    "cannot ask for all of your groups: the user database does not answer; try again when it does");
        }
        Wanted wanted = select(now, subject, one.rule);
        one.begun = true;
        Fd view = new CommandView(sys, common.places(), names).make(wanted.selection(), subject);
        String warning = wanted.without().isEmpty()
                ? ""
                : "not mounted, because there is no password: the volume of rule "
                        + String.join(", ", wanted.without());
        return new Outcome(Optional.of(view), warning, "");
    }

    /**
     * The parts of a view.
     *
     * @param without rules whose volumes a login without a password lacks too
     */
    record Wanted(Selection selection, List<String> without) {}

    /**
     * The rules of the user's sessions and the named one, if that applies to the user. The answer does not distinguish
     * a rule that applies to others from a missing one.
     */
    static Wanted select(Policy policy, Subject subject, String name) throws NoView {
        Selection selection = CommandRules.select(policy.rules().orElse(RuleSet.EMPTY), subject, name)
                .orElseThrow(() -> new NoView(Cause.ADMISSION, "no rule " + Printable.of(name) + " is for you"));
        List<Rule> chosen = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (Rule rule : selection.chosen()) {
            boolean isNamed = rule.name().equals(name);
            if (isNamed && !rule.letsOwnerIn(policy.admission().entrance())) {
                throw new NoView(
                        Cause.ADMISSION,
                        "rule " + name + " is for logins alone; ask your administrator for 'enter = owner' in it");
            }
            if (!isNamed && isSkippable(rule)) {
                without.add(rule.name());
                continue;
            }
            if (!isNamed && isOfSessionsAlone(rule)) {
                throw new NoView(
                        Cause.ADMISSION,
                        "rule " + rule.name()
                                + " is for you, too, and what it makes is for sessions; ask your administrator for 'except = service:"
                                + CommandRules.SERVICE + "' in it");
            }
            chosen.add(rule);
        }
        return new Wanted(new Selection(chosen, selection.passedOver()), without);
    }

    private static boolean isSkippable(Rule rule) {
        return rule.directive() instanceof Directive.Volume volume && volume.password() && volume.skippable();
    }

    private static boolean isOfSessionsAlone(Rule rule) {
        return rule.directive() instanceof Directive.Volume || rule.directive() instanceof Directive.Isolate;
    }

    private void finish(Making one, Outcome outcome) {
        String why = outcome.why();
        try (Fd connection = one.connection) {
            Reply reply = outcome.view().isPresent() ? new Reply.Joined(outcome.warning()) : new Reply.Refused(why);
            new Sockets().send(connection, Codec.encode(reply), outcome.view());
        } catch (SyscallException e) {
            why = "the client disconnected before the reply was sent: " + e.getMessage();
        }
        outcome.view().ifPresent(Fd::close);
        done.accept(new Served.CommandView(one.peer, one.owner, one.rule, why, one.begun));
    }
}
