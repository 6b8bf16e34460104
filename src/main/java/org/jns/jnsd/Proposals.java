// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;
import org.jns.Nullable;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.jnsd.upkeep.Sessions;
import org.jns.linux.Bell;
import org.jns.linux.Fd;
import org.jns.linux.Sockets;
import org.jns.linux.Syscalls;
import org.jns.linux.Threads;
import org.jns.model.RuleSet;
import org.jns.preflight.Forecast;
import org.jns.preflight.Preflight;
import org.jns.wire.Reply;
import org.jns.wire.Request;

/**
 * Tries proposed rules before they come into force: a separate thread plans the users' logins with them, so that
 * neither the main thread nor the logins wait for folders or the directory service. It handles one proposal after
 * another. Belongs to the main thread.
 *
 * <p>Reasons: docs/decisions/34-preflight.md
 */
final class Proposals {
    /** Other proposals wait during this time. */
    private static final long PROOF_WITHIN_MS = 2500;
    /**
     * Remote file systems and directory services start later in a boot than the daemon. The intervals between attempts
     * grow.
     */
    private static final long FIRST_PROOF_AGAIN_NS = 60_000_000_000L;

    private static final long LAST_PROOF_AGAIN_NS = 3600_000_000_000L;

    private final Supplier<Syscalls> tools;
    private final Settings settings;
    private final RulesInForce rules;
    private final Sessions sessions;
    private final Bell mainBell;
    private final Queue<Proposal> waiting = new ArrayDeque<>();
    private final Sockets sockets = new Sockets();
    private boolean isBusy;
    private long proofAfter = FIRST_PROOF_AGAIN_NS;
    private long provedAt = System.nanoTime();
    /** Set by the planning thread, cleared by the main thread. */
    private volatile @Nullable Planned planned;

    /**
     * @param request empty: the rules that the start has put in force
     * @param connection of the client that waits for the answer; empty after a signal
     */
    private record Proposal(Optional<Request> request, Optional<Fd> connection) {}

    /**
     * @param loaded the rules in the files; empty for those in force
     */
    private record Planned(Proposal proposal, Optional<RulesFolder.Loaded> loaded, Forecast forecast) {}

    /**
     * @param tools makes system calls for one thread each
     * @param mainBell rung when a forecast is complete
     */
    Proposals(Supplier<Syscalls> tools, Settings settings, RulesInForce rules, Sessions sessions, Bell mainBell) {
        this.tools = tools;
        this.settings = settings;
        this.rules = rules;
        this.sessions = sessions;
        this.mainBell = mainBell;
    }

    /**
     * Answers the request some time later.
     *
     * @param request to reload or to try the rules in the files
     */
    void propose(Request request, Optional<Fd> connection) {
        waiting.add(new Proposal(Optional.of(request), connection));
        beginNext();
    }

    /** Finds out, some time later, whether the rules that the start has put in force lock any user out. */
    void prove() {
        if (rules.isUnproven()) {
            waiting.add(new Proposal(Optional.empty(), Optional.empty()));
            beginNext();
        }
    }

    /** Called whenever the main thread wakes up. */
    void passTime() {
        Planned ready = planned;
        if (ready != null) {
            planned = null;
            isBusy = false;
            finish(ready);
            beginNext();
        }
        if (rules.isUnproven() && !isBusy && System.nanoTime() - provedAt > proofAfter) {
            proofAfter = Math.min(2 * proofAfter, LAST_PROOF_AGAIN_NS);
            prove();
        }
    }

    private void finish(Planned ready) {
        Forecast forecast = ready.forecast();
        if (ready.loaded().isEmpty()) {
            provedAt = System.nanoTime();
            rules.prove(forecast);
            return;
        }
        tell(
                ready.proposal(),
                forecast.isGood()
                        ? withDoubt(
                                take(
                                        ready.proposal().request().orElseThrow(),
                                        ready.loaded().get()),
                                forecast)
                        : rules.refuse(forecast));
    }

    private Reply take(Request request, RulesFolder.Loaded loaded) {
        return request instanceof Request.Try trial ? rules.tryFor(trial.minutes(), loaded) : rules.reload(loaded);
    }

    private static Reply withDoubt(Reply reply, Forecast forecast) {
        return reply instanceof Reply.Done done && !forecast.doubt().isEmpty()
                ? new Reply.Done(done.text() + "; " + forecast.doubt())
                : reply;
    }

    private void beginNext() {
        while (!isBusy && !waiting.isEmpty()) {
            begin(waiting.remove());
        }
    }

    private void begin(Proposal proposal) {
        if (proposal.request().isEmpty()) {
            rules.policy().rules().ifPresent(now -> plan(proposal, Optional.empty(), now, PROOF_WITHIN_MS));
            return;
        }
        Request request = proposal.request().get();
        RulesFolder.Loaded loaded = rules.load();
        // Without rules in force no user can log in anyway.
        if (loaded.rules().isEmpty() || rules.policy().rules().isEmpty() || isForced(request)) {
            tell(proposal, take(request, loaded));
            return;
        }
        plan(proposal, Optional.of(loaded), loaded.rules().get(), Preflight.WITHIN_MS);
    }

    private void plan(Proposal proposal, Optional<RulesFolder.Loaded> loaded, RuleSet wanted, long milliseconds) {
        List<Preflight.Open> open = sessions.all().stream()
                .map(session -> new Preflight.Open(session.user(), session.service()))
                .toList();
        Preflight.Question question = new Preflight.Question(
                wanted, rules.proven(), settings.admission(), settings.places().reserved(), open, true);
        isBusy = true;
        Thread thread = new Thread(() -> foresee(proposal, loaded, question, milliseconds), "proposal");
        thread.setDaemon(true);
        if (!Threads.start(thread)) {
            planned = new Planned(
                    proposal,
                    loaded,
                    new Forecast(List.of(), List.of("jnsd may not start another thread"), List.of(), 0, 0));
            mainBell.ring();
        }
    }

    private static boolean isForced(Request request) {
        return request instanceof Request.Reload reload && reload.force()
                || request instanceof Request.Try trial && trial.force();
    }

    /** On the planning thread. */
    private void foresee(
            Proposal proposal, Optional<RulesFolder.Loaded> loaded, Preflight.Question question, long milliseconds) {
        Forecast forecast;
        try {
            forecast = Preflight.of(question, tools, milliseconds);
        } catch (RuntimeException e) {
            // An internal error must not block good rules.
            forecast = new Forecast(List.of(), List.of("internal error: " + e), List.of(), 0, 0);
        }
        planned = new Planned(proposal, loaded, forecast);
        mainBell.ring();
    }

    private void tell(Proposal proposal, Reply reply) {
        if (proposal.connection().isPresent()) {
            Daemon.tell(sockets, proposal.connection().get(), reply);
        }
    }
}
