// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.List;
import java.util.Optional;
import org.jns.config.Places;
import org.jns.config.Policy;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.config.TrustedFiles;
import org.jns.log.JournalServiceProvider;
import org.jns.model.Problem;
import org.jns.sys.Fd;
import org.jns.sys.LinuxSyscalls;
import org.jns.sys.Sockets;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jnsd}: the resident helper, or with {@code --once} the helper for one login. */
public final class JnsDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(JnsDaemon.class);
    private static final int CANNOT_START = 1;
    private static final int USAGE = 2;
    /** The first descriptor that sd_listen_fds(3) hands over, and the one that the module gives to {@code --once}. */
    private static final int INHERITED = 3;

    private final Fd proc = LinuxSyscalls.openProc();
    private final Syscalls sys = new LinuxSyscalls(proc);

    private JnsDaemon() {}

    public static void main(String[] args) {
        List<String> given = List.of(args);
        try {
            Journal.open("jnsd");
            if (given.isEmpty()) {
                new JnsDaemon().serve();
            } else if (given.equals(List.of("--once"))) {
                new JnsDaemon().once();
            } else if (given.equals(List.of("--rehearse"))) {
                new JnsDaemon().rehearse();
            } else {
                System.err.println("usage: jnsd [--once]");
                exit(USAGE);
            }
        } catch (SyscallException | StateFolder.Untrusted | CannotStart e) {
            LOG.error("cannot start: {}", e.getMessage());
            exit(CANNOT_START);
        }
        exit(0);
    }

    /** Not System.exit: nothing may run after the last login was served, and no thread that hangs may hold the process. */
    private static void exit(int status) {
        Runtime.getRuntime().halt(status);
    }

    /** Something that the admin must mend before the helper can start. */
    static final class CannotStart extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CannotStart(String message) {
            super(message, null, false, false);
        }
    }

    private void serve() {
        Settings settings = settings();
        makeFolders(settings.places());
        Fd hostNamespace = sys.namespaceOfThisThread();
        JournalServiceProvider.warmUp();
        new Rehearsal(sys, settings.places()).run(proc, hostNamespace);
        Optional<Fd> handedOver = ServiceManager.listeningSocket(INHERITED);
        try (OwnSocket own = handedOver.isPresent() ? null : OwnSocket.open(sys, settings)) {
            Fd listening = handedOver.orElseGet(() -> own.listening());
            new Daemon(sys, settings, proc, hostNamespace, listening).run(() -> ServiceManager.notifyReady());
        }
    }

    private void once() {
        Settings settings = settings();
        Places places = settings.places();
        makeFolders(places);
        Fd connection = new Sockets().inherited(INHERITED);
        RulesFolder folder = new RulesFolder(sys, settings);
        RulesFolder.Loaded loaded = folder.load();
        for (Problem error : loaded.errors()) {
            LOG.atError().addKeyValue("EVENT", "rules-problem").log("{}", error);
        }
        Workbench bench = new Workbench(proc, places);
        Policy policy = loaded.rules().or(folder::lastGood).map(rules -> Policy.of(rules, bench.names)).orElse(Policy.UNREADABLE);
        Fd hostNamespace = sys.namespaceOfThisThread();
        // On the main thread, whose only thread-mates are the JVM's own: they stay in the host's view, and the process ends with the login.
        new LoginThread(bench, hostNamespace, () -> Optional.of(connection), () -> policy, () -> {}, JnsDaemon::log).run();
    }

    private static void log(Served served) {
        if (served instanceof Served.Login login) {
            LoginLog.write(login);
        } else if (served instanceof Served.Dropped dropped) {
            LoginLog.dropped(dropped.why());
        }
    }

    private void rehearse() {
        Settings settings = settings();
        makeFolders(settings.places());
        new RulesFolder(sys, settings).load();
        new Rehearsal(sys, settings.places()).run(proc, sys.namespaceOfThisThread());
        // Through System.exit: the JVM writes its archive when it ends in order.
        System.exit(0);
    }

    private void makeFolders(Places places) {
        StateFolder.make(sys, places.state(), 0700);
        StateFolder.makeHidden(sys, places.hidden());
        StateFolder.make(sys, places.instances(), 0700);
    }

    private Settings settings() {
        try {
            return Settings.load(new TrustedFiles(sys, true));
        } catch (Settings.Unusable e) {
            throw new CannotStart(e.getMessage());
        }
    }
}
