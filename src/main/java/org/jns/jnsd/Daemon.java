// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jns.config.AccountsBefore;
import org.jns.config.Settings;
import org.jns.jnsd.login.LoginThreads;
import org.jns.jnsd.login.Served;
import org.jns.jnsd.login.Workbench;
import org.jns.jnsd.metrics.Metrics;
import org.jns.jnsd.metrics.OpenFiles;
import org.jns.jnsd.metrics.Textfile;
import org.jns.jnsd.metrics.WrittenMetrics;
import org.jns.jnsd.owners.CommandViews;
import org.jns.jnsd.owners.OwnerConnections;
import org.jns.jnsd.owners.Reception;
import org.jns.jnsd.upkeep.Cleaner;
import org.jns.jnsd.upkeep.Heartbeats;
import org.jns.jnsd.upkeep.Sessions;
import org.jns.jnsd.views.ResidentViews;
import org.jns.linux.Bell;
import org.jns.linux.Fd;
import org.jns.linux.Hanging;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.Poller;
import org.jns.linux.Signals;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.state.Session;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resident daemon. Its main thread never leaves the host's mount namespace and does everything that is not a login:
 * it starts the waiting threads, logs what they did, tracks the sessions, reads the rules, and ends the process.
 *
 * <p>Reasons: docs/decisions/29-work-after-the-answer.md
 */
final class Daemon implements Served.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private static final long BELL = 0;
    private static final long FIRST_SESSION = 2;
    private static final int GROUPS_AGAIN_MS = 60_000;
    private static final int AFTER_ANSWER_MS = 10;
    private static final long DRAIN_MS = 5_000;
    private static final int OWN = 0600;
    /** No thread works longer than this on one piece of work, unless it waits for a disk. */
    private static final long BUSY_SECONDS = 600;
    /** For threads that may wait for a directory service: a restarted daemon would wait for the same. */
    private static final long FOREVER = Long.MAX_VALUE;

    private final Syscalls sys;
    private final AbsPath metricsFile;
    private final RulesInForce rules;
    private final Proposals proposals;
    private final LoginLog log = new LoginLog();
    private final Metrics metrics = Metrics.ofThisProcess();
    private final Optional<Textfile> textfile;
    private final Sockets sockets = new Sockets();
    private final Poller poller = new Poller();
    private final Bell bell = new Bell();
    private final ResidentViews views;
    private final Sessions sessions;
    private final AtomicBoolean reloadAsked = new AtomicBoolean();
    private final AtomicBoolean stopAsked = new AtomicBoolean();
    private final LoginThreads logins;
    private final Heartbeats heartbeats = new Heartbeats(System::nanoTime);
    private final Heartbeats.Beat beat = heartbeats.add("main", BUSY_SECONDS, false);
    private final Watchdog watchdog;
    private final AccountsBefore accounts;
    private final Hanging hanging;
    private final Cleaner cleaner;
    private final OwnerConnections ownerConnections;
    private long groupsRead = System.nanoTime();

    /** @param found sessions that other processes have begun, in known views */
    Daemon(
            Syscalls sys,
            Settings settings,
            Workbench.Common common,
            ResidentViews views,
            List<Session> found,
            Fd listening) {
        this.sys = sys;
        this.metricsFile = settings.places().metrics();
        this.rules = new RulesInForce(
                sys, settings, new LinuxSyscalls(common.proc()), heartbeats.add("names", FOREVER, true));
        this.textfile = settings.metricsFile()
                .map(path -> new Textfile(
                        common.proc(), path, this::numbers, heartbeats.add("metrics", BUSY_SECONDS, true)));
        this.views = views;
        this.accounts = common.accounts();
        this.hanging = common.hanging();
        this.sessions = new Sessions(sys, poller, FIRST_SESSION, common.records(), views);
        this.proposals = new Proposals(() -> new LinuxSyscalls(common.proc()), settings, rules, sessions, bell);
        sockets.makeNonBlocking(listening);
        this.logins = new LoginThreads(settings.waiting(), common, listening, bell, rules::policy);
        this.watchdog =
                new Watchdog(ServiceManager.patience(), heartbeats, ServiceManager::notifyAlive, System::nanoTime);
        this.cleaner =
                new Cleaner(common, views, sessions, logins::handIn, heartbeats.add("cleaner", BUSY_SECONDS, true));
        this.ownerConnections = new OwnerConnections(
                sys,
                common.pins(),
                poller,
                new Reception(views, sessions, rules::policy),
                new CommandViews(common, rules::policy, logins::handIn));
        poller.watch(bell.counter(), BELL);
        found.forEach(this::adopt);
    }

    /**
     * Serves until SIGTERM, then waits for the logins that have begun.
     *
     * @param ready called when logins are served
     */
    void run(Runnable ready) {
        rules.start();
        Signals.onTerminate(() -> ask(stopAsked));
        Signals.onHangUp(() -> ask(reloadAsked));
        logins.start(heartbeats.add("watch", BUSY_SECONDS, false));
        beat.begin();
        ready.run();
        proposals.prove();
        cleaner.start();
        textfile.ifPresent(Textfile::start);
        while (!stopAsked.get()) {
            turn(GROUPS_AGAIN_MS);
        }
        drain();
    }

    private void ask(AtomicBoolean what) {
        what.set(true);
        bell.ring();
    }

    private void turn(int milliseconds) {
        int most = watchdog.waitAtMost(ownerConnections.waitAtMost(rules.waitAtMost(milliseconds)));
        beat.rest();
        List<Long> tokens = poller.await(textfile.isPresent() ? textfile.get().waitAtMost(most) : most);
        if (!tokens.isEmpty()) {
            // The user's shell starts now and needs the processor: the remaining work is done together with that of the
            // next logins.
            logins.rest(AFTER_ANSWER_MS);
            tokens = poller.await(0);
        }
        beat.work();
        watchdog.passTime();
        refreshGroups();
        rules.passTime();
        for (long token : tokens) {
            if (sessions.isSession(token)) {
                sessions.end(token).ifPresent(session -> cleaner.ended(session.uid()));
            } else if (OwnerConnections.isOwnerConnection(token)) {
                ownerConnections.ready(token);
            }
        }
        bell.silence();
        if (reloadAsked.compareAndSet(true, false)) {
            proposals.propose(new Request.Reload(), Optional.empty());
        }
        proposals.passTime();
        for (Served served : logins.collect()) {
            served.to(this);
            served.to(log);
        }
        ownerConnections.passTime();
        textfile.ifPresent(Textfile::passTime);
    }

    private void refreshGroups() {
        long now = System.nanoTime();
        if (now - groupsRead > GROUPS_AGAIN_MS * 1_000_000L) {
            groupsRead = now;
            rules.lookUpAgain();
            accounts.forgetNames();
        }
    }

    @Override
    public void login(Served.Login login) {
        if (login.lease().isPresent()) {
            sessions.begin(login.answer().given().orElseThrow().session(), login.lease());
        } else if (!login.answer().rules().isEmpty()) {
            // It failed half-way, and no end of a session will trigger a check of its private folders.
            login.answer().subject().ifPresent(subject -> cleaner.ended(subject.uid()));
        }
        metrics.count(login);
    }

    @Override
    public void abandoned(Served.Abandoned abandoned) {
        Session session = abandoned.answer().given().orElseThrow().session();
        sessions.forget(session);
        cleaner.ended(session.uid());
        metrics.countAbandoned();
    }

    @Override
    public void adopted(Served.Adopted adopted) {
        adopt(adopted.session());
    }

    @Override
    public void asked(Served.Asked asked) {
        Request request = asked.request();
        if (request instanceof Request.Gc) {
            cleaner.lookNow(outcome -> tell(new Sockets(), asked.connection(), new Reply.Done(words(outcome))));
        } else if (request instanceof Request.Reload || request instanceof Request.Try) {
            proposals.propose(request, Optional.of(asked.connection()));
        } else if (request instanceof Request.Confirm) {
            tell(sockets, asked.connection(), rules.confirm());
        } else if (request instanceof Request.Metrics) {
            tell(sockets, asked.connection(), writeNumbers());
        } else if (request instanceof Request.Join) {
            // It is not for root: somebody has started jns-join by hand.
            tell(sockets, asked.connection(), new Reply.Refused("jns-join is for ordinary users; run: jnsenter"));
        } else {
            throw new IllegalStateException("a login thread answers " + request);
        }
    }

    /** There is nothing to do but to log it. */
    @Override
    public void entered(Served.Entered entered) {}

    @Override
    public void ownerConnection(Served.OwnerConnection ownerConnection) {
        ownerConnections.receive(ownerConnection);
    }

    @Override
    public void commandView(Served.CommandView commandView) {
        ownerConnections.log(commandView);
        // Refused requests must not be able to trigger the cleaner.
        if (commandView.begun()) {
            cleaner.ended(commandView.peer().uid());
        }
    }

    /** There is nothing to do but to log it. */
    @Override
    public void hangs(Served.Hangs hangs) {}

    @Override
    public void dropped(Served.Dropped dropped) {
        metrics.countDropped();
    }

    private void adopt(Session session) {
        if (!sessions.isOpen(session.id()) && !sessions.begin(session, Optional.empty())) {
            cleaner.ended(session.uid());
        }
    }

    /**
     * Sends the reply and closes the connection.
     *
     * @param sockets of this thread
     */
    static void tell(Sockets sockets, Fd connection, Reply reply) {
        try (connection) {
            sockets.send(connection, Codec.encode(reply), Optional.empty());
        } catch (SyscallException e) {
            LOG.warn("the client disconnected before the reply to a request was sent: {}", e.getMessage());
        }
    }

    /** A long answer is cut, so the text that is shown nowhere else comes first. */
    private static String words(Cleaner.Removed outcome) {
        List<String> words = new ArrayList<>(outcome.failed());
        List<String> gone = outcome.gone();
        words.add(gone.isEmpty() ? "nothing to remove" : "removed " + gone.size() + ": " + String.join("; ", gone));
        return String.join("; ", words);
    }

    /** The numbers may exceed the size of a packet. */
    private Reply writeNumbers() {
        try {
            WrittenMetrics.write(sys, metricsFile, OWN, numbers());
            return new Reply.Done(metricsFile.value());
        } catch (SyscallException e) {
            return new Reply.Refused("cannot write " + metricsFile + ": " + e.getMessage());
        }
    }

    private String numbers() {
        return metrics.text(
                new Metrics.Levels(
                        sessions.count(),
                        views.count(),
                        rules.generation(),
                        rules.isWritten(),
                        OpenFiles.now(),
                        OpenFiles.most(),
                        hanging.logins(),
                        rules.namesWaiting()),
                heartbeats.seconds(),
                cleaner.room());
    }

    private void drain() {
        long until = System.nanoTime() + DRAIN_MS * 1_000_000;
        logins.stop();
        cleaner.stop();
        while (logins.alive() > 0 && System.nanoTime() < until) {
            turn(100);
        }
        LOG.atInfo()
                .addKeyValue("EVENT", "stopped")
                .log("stopped; {} sessions go on, {} logins were cut off", sessions.count(), logins.alive());
    }
}
