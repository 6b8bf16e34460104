// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jns.config.Policy;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.model.Problem;
import org.jns.sys.Bell;
import org.jns.sys.Fd;
import org.jns.sys.NameService;
import org.jns.sys.Poller;
import org.jns.sys.Signals;
import org.jns.sys.Sockets;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resident helper. Its main thread never leaves the host's mount namespace and does everything that is not a login: it starts the
 * threads that wait, logs what they did, holds the sessions, reads the rules, and ends it all.
 */
final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private static final long BELL = 0;
    private static final long FIRST_SESSION = 1;
    private static final int GROUPS_AGAIN_MS = 60_000;
    private static final int TOGETHER_MS = 10;
    private static final long DRAIN_MS = 5_000;

    private final Syscalls sys;
    private final Settings settings;
    private final RulesFolder folder;
    private final Sockets sockets = new Sockets();
    private final NameService names = new NameService();
    private final Poller poller = new Poller();
    private final Bell bell = new Bell();
    private final Sessions sessions = new Sessions(poller, FIRST_SESSION);
    private final AtomicReference<Policy> policy = new AtomicReference<>(Policy.UNREADABLE);
    private final AtomicBoolean reloadAsked = new AtomicBoolean();
    private final AtomicBoolean stopAsked = new AtomicBoolean();
    private final Waiting waiting;
    private int generation;
    private long groupsRead = System.nanoTime();

    Daemon(Syscalls sys, Settings settings, Fd proc, Fd hostNamespace, Fd listening) {
        this.sys = sys;
        this.settings = settings;
        this.folder = new RulesFolder(sys, settings);
        sockets.makeNonBlocking(listening);
        this.waiting = new Waiting(settings.waiting(), proc, hostNamespace, settings.places(), listening, bell, policy::get);
        poller.watch(bell.counter(), BELL);
    }

    /**
     * Serves until SIGTERM, then lets the logins end that have begun.
     *
     * @param ready called when logins are served
     */
    void run(Runnable ready) {
        start();
        Signals.onTerminate(() -> ask(stopAsked));
        Signals.onHangUp(() -> ask(reloadAsked));
        waiting.fill();
        ready.run();
        while (!stopAsked.get()) {
            turn(GROUPS_AGAIN_MS);
            waiting.fill();
        }
        drain();
    }

    private void ask(AtomicBoolean what) {
        what.set(true);
        bell.ring();
    }

    private void turn(int milliseconds) {
        List<Long> tokens = poller.await(milliseconds);
        if (!tokens.isEmpty()) {
            // Whoever logged in is starting a shell now: what is left to do of it is done together with the next ones'.
            waiting.restUnlessShort(TOGETHER_MS);
            tokens = poller.await(0);
        }
        refreshGroups();
        for (long token : tokens) {
            if (sessions.isSession(token)) {
                sessions.end(token);
            }
        }
        bell.silence();
        if (reloadAsked.compareAndSet(true, false)) {
            reload();
        }
        waiting.collect().forEach(this::finish);
    }

    private void refreshGroups() {
        long now = System.nanoTime();
        if (now - groupsRead > GROUPS_AGAIN_MS * 1_000_000L) {
            groupsRead = now;
            policy.updateAndGet(p -> p.refreshed(names));
        }
    }

    private void finish(Served served) {
        if (served instanceof Served.Login login) {
            login.lease().ifPresent(lease -> {
                Reply.Granted granted = (Reply.Granted) login.answer().reply();
                sessions.begin(granted.session(), login.answer().subject().orElseThrow(), lease);
            });
        } else if (served instanceof Served.ReloadAsked asked) {
            answerReload(asked.connection());
        }
        LoginLog.write(served);
    }

    private void answerReload(Fd connection) {
        try (connection) {
            List<Problem> errors = reload();
            Reply reply = errors.isEmpty()
                    ? new Reply.Done("rules read, generation " + generation)
                    : new Reply.Refused("the rules have " + errors.size() + " errors, the old ones stay in force; first: " + errors.get(0));
            sockets.send(connection, Codec.encode(reply), Optional.empty());
        } catch (SyscallException e) {
            LOG.warn("nobody waited for the answer to a reload: {}", e.getMessage());
        }
    }

    private void start() {
        if (reload().isEmpty()) {
            return;
        }
        folder.lastGood().ifPresent(rules -> {
            policy.set(Policy.of(Optional.of(rules), settings.admission(), names));
            LOG.atError().addKeyValue("EVENT", "last-good").log("the rules have errors: those that were in force last stay in force");
        });
        if (policy.get().rules().isEmpty()) {
            policy.set(Policy.of(Optional.empty(), settings.admission(), names));
            LOG.atError().addKeyValue("EVENT", "no-rules").log("the rules have errors and there are no older ones: only root can log in");
        }
    }

    /** The errors; empty if the rules are in force now. */
    private List<Problem> reload() {
        RulesFolder.Loaded loaded = folder.load();
        RulesLog.write(loaded.problems());
        loaded.rules().ifPresent(rules -> {
            policy.set(Policy.of(Optional.of(rules), settings.admission(), names));
            generation++;
            keep(loaded);
            LOG.atInfo()
                    .addKeyValue("EVENT", "rules-loaded")
                    .addKeyValue("GENERATION", generation)
                    .log("{} rules in force, generation {}", rules.rules().size(), generation);
            RulesLog.advise(rules, loaded.sources());
        });
        if (loaded.rules().isEmpty()) {
            LOG.atError().addKeyValue("EVENT", "rules-refused").log("the rules in {} have errors: run jnsctl check", settings.rules());
        }
        return loaded.errors();
    }

    private void keep(RulesFolder.Loaded loaded) {
        try {
            folder.keep(loaded);
        } catch (SyscallException e) {
            LOG.warn("cannot keep a copy of the rules: {}; a restart with broken rules would let only root in", e.getMessage());
        }
    }

    private void drain() {
        long until = System.nanoTime() + DRAIN_MS * 1_000_000;
        waiting.stop();
        while (waiting.alive() > 0 && System.nanoTime() < until) {
            turn(100);
        }
        LOG.atInfo()
                .addKeyValue("EVENT", "stopped")
                .log("stopped; {} sessions go on, {} logins were cut off", sessions.count(), waiting.alive());
    }
}
