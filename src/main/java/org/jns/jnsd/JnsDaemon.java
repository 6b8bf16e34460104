// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.config.LastSettings;
import org.jns.config.Places;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.config.TrustedFiles;
import org.jns.folders.OwnDisk;
import org.jns.jnsd.login.OneLogin;
import org.jns.jnsd.login.Served;
import org.jns.jnsd.warmup.CannotStart;
import org.jns.jnsenter.JnsEnter;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.log.JournalServiceProvider;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.NamespaceKind;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.StateFile;
import org.jns.state.StateFolder;
import org.jns.state.View;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code jnsd}: the resident daemon, or with {@code --once} the daemon for one login.
 *
 * <p>Reasons: docs/decisions/11-once-from-the-host.md
 */
public final class JnsDaemon {
    private static final int CANNOT_START = 1;
    private static final int USAGE = 2;
    /**
     * Exit status for errors that only another kernel or another environment can cure; the unit knows it,
     * RestartPreventExitStatus=.
     */
    private static final int CANNOT_HEAL = 69;

    private static final int FIRST_PROCESS = 1;
    /** PROC_PID_INIT_INO of the kernel: the initial PID namespace, not one of a container or a session. */
    private static final long INITIAL_PIDS = 0xEFFFFFFCL;

    private static final String IN_CHROOT = "this runs in a chroot, and what makes views would leave it";
    private static final String INSIDE_SESSION =
            "this login was started in the PID namespace of a session, from where jnsd --once cannot reach the host; start jnsd, or log in again";

    /** The first descriptor that sd_listen_fds(3) passes, and the one that the module passes to {@code --once}. */
    private static final int INHERITED = 3;
    /** The module has sent its request before it starts this program. */
    private static final long REQUEST_WITHIN_MS = 1000;

    private static final String LOCK = "jnsd.lock";

    /** Connected first: after a login of {@code --once} the process is in a user's view. */
    private final Journal journal = Journal.connect("jnsd");

    private final Fd proc = LinuxSyscalls.openProc();
    private final Syscalls sys = new LinuxSyscalls(proc);

    /** The error in the settings; empty if they are valid. */
    private String unusable = "";

    private JnsDaemon() {}

    public static void main(String[] args) {
        List<String> given = List.of(args);
        try {
            if (given.isEmpty()) {
                new JnsDaemon().serve();
            } else if (given.equals(List.of("--once"))) {
                OneLogin.loadAhead();
                new JnsDaemon().once();
            } else if (given.equals(List.of("--rehearse"))) {
                new JnsDaemon().rehearse();
            } else {
                System.err.println("usage: jnsd [--once | --rehearse]");
                exit(USAGE);
            }
        } catch (SyscallException | StateFolder.Untrusted | CannotStart e) {
            log().error("cannot start: {}", why(e));
            exit(isForGood(e) ? CANNOT_HEAL : CANNOT_START);
        }
        exit(0);
    }

    private static String why(RuntimeException e) {
        return isKernelTooOld(e)
                ? "this kernel lacks a system call: " + e.getMessage() + "; start Linux 5.14 or newer"
                : e.getMessage();
    }

    private static boolean isForGood(RuntimeException e) {
        return isKernelTooOld(e) || e instanceof CannotStart known && known.isForGood();
    }

    private static boolean isKernelTooOld(RuntimeException e) {
        return e instanceof SyscallException failed && failed.errno() == Errno.ENOSYS;
    }

    /**
     * Not System.exit: nothing may run after the last login was served, and a hanging thread must not keep the process
     * alive.
     */
    private static void exit(int status) {
        Runtime.getRuntime().halt(status);
    }

    /** Made on first use: a login of {@code --once} does not wait for it. */
    private static Logger log() {
        return LoggerFactory.getLogger(JnsDaemon.class);
    }

    private void serve() {
        journal.route();
        Thread.setDefaultUncaughtExceptionHandler(new LastResort(JnsDaemon::exit));
        requireRoot();
        enterHostView();
        Settings settings = settings();
        makeFolders(settings.places());
        keepSettings();
        lookAtDisk(settings.instances());
        if (isInsideSession(settings.places())) {
            throw new CannotStart(
                    "process 1 here is the first one of a session's PID namespace, and not the host's; start jnsd outside of sessions");
        }
        JournalServiceProvider.warmUp();
        Optional<Fd> handedOver = ServiceManager.listeningSocket(INHERITED);
        beAlone(settings.places());
        Resident resident = Resident.prepare(sys, proc, settings.places());
        try (OwnSocket own = handedOver.isPresent() ? null : OwnSocket.open(sys, settings.socket())) {
            Fd listening = handedOver.orElseGet(() -> own.listening());
            resident.daemon(sys, settings, listening).run(() -> {
                ServiceManager.notifyReady();
                new Thread(() -> afterReady(resident), "after-ready").start();
            });
        }
    }

    /** Work that no login waits for. */
    private void afterReady(Resident resident) {
        Syscalls own = new LinuxSyscalls(proc);
        try {
            own.leaveSharedFolders();
            RulesLog.advise(Settings.read(new TrustedFiles(own, true)), own);
            resident.rehearseAgain();
        } catch (RuntimeException e) {
            log().warn("cannot rehearse logins again: {}; the first ones may take longer", e.getMessage());
        }
    }

    /**
     * Locks the state for the life of this process: two daemons would remember different things about the same
     * sessions.
     */
    private void beAlone(Places places) {
        try (Fd state = sys.openFolder(places.state())) {
            if (!sys.lockAlone(StateFile.open(sys, state, LOCK))) {
                throw new CannotStart("another jnsd holds " + places.state() + "/" + LOCK + "; stop that one first");
            }
        }
    }

    /** Each later step enters mount namespaces, where the files of a chroot are out of reach. */
    private void requireRoot() {
        if (isInChroot()) {
            throw new CannotStart(IN_CHROOT + "; start it where / is the root of its mount namespace", true);
        }
    }

    private boolean isInChroot() {
        try (Fd own = sys.namespaceOfThisThread()) {
            return !sys.isAtRootOf(own);
        }
    }

    /** Nobody reads this program's standard error; the module logs the answer. */
    private void once() {
        try {
            serveOnce();
        } catch (SyscallException | StateFolder.Untrusted | CannotStart e) {
            refuse("cannot start: " + why(e));
            throw e;
        }
    }

    private void serveOnce() {
        if (isInChroot()) {
            refuse("no view can be made for this login: " + IN_CHROOT);
            return;
        }
        enterHostView();
        Settings settings = settings();
        makeFolders(settings.places());
        if (isInsideSession(settings.places())) {
            refuse(INSIDE_SESSION);
            return;
        }
        enterHostSpaces();
        List<Served> served = new OneLogin(sys, proc, settings).serve(new Sockets().inherited(INHERITED));
        journal.route();
        LoginLog log = new LoginLog();
        served.forEach(one -> one.to(log));
    }

    /**
     * The module may start the daemon from inside a user's view (su does), and so may an admin: a new view must not be
     * built on that one.
     */
    private void enterHostView() {
        try (Fd host = sys.namespaceOfInit();
                Fd own = sys.namespaceOfThisThread()) {
            if (sys.stat(host).inode() != sys.stat(own).inode()) {
                // setns(2) requires a thread that shares root and working folder with no other; this call unshares
                // them.
                sys.unshareMounts();
                sys.enterMounts(host);
            }
        }
    }

    /** Programs started from here must not run in a session's namespaces. Clocks are the same everywhere. */
    private void enterHostSpaces() {
        for (NamespaceKind kind :
                List.of(NamespaceKind.IPC, NamespaceKind.UTS, NamespaceKind.NET, NamespaceKind.CGROUP)) {
            try (Fd host = sys.namespaceOf(FIRST_PROCESS, kind).orElseThrow()) {
                sys.enterOther(host, kind);
            }
        }
    }

    /**
     * Whether this was started in the PID namespace of a session: what looks like the host's first process is the
     * session's, and the host cannot be reached from there.
     */
    private boolean isInsideSession(Places places) {
        long pids;
        try (Fd first = sys.namespaceOf(FIRST_PROCESS, NamespaceKind.PID).orElseThrow()) {
            pids = sys.stat(first).inode();
        }
        if (pids == INITIAL_PIDS) {
            return false;
        }
        try (Records records = new Records(sys, places.state())) {
            for (View view : records.allViews(sys)) {
                if (view.inode(NamespaceKind.PID).equals(OptionalLong.of(pids))) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Reads the request first: the kernel resets a connection that is closed with unread data, and the module may lose
     * the answer.
     */
    private static void refuse(String why) {
        Sockets sockets = new Sockets();
        try (Fd connection = sockets.inherited(INHERITED)) {
            Optional<Sockets.Received> request =
                    sockets.receiveWithDescriptor(connection, Codec.MAX_PACKET, REQUEST_WITHIN_MS);
            if (request.isPresent() && request.get().passed().isPresent()) {
                request.get().passed().get().close();
            }
            sockets.send(connection, Codec.encode(new Reply.Refused(why)), Optional.empty());
        }
    }

    private void rehearse() {
        requireRoot();
        Settings settings = settings();
        new RulesFolder(sys, settings).load();
        JournalServiceProvider.warmUp();
        sys.unshareMounts();
        sys.makeAllSlave();
        // The pins of live views are invisible from here: checking their records here would remove them all.
        cover(settings.state());
        cover(settings.instances());
        makeFolders(settings.places());
        Resident.prepare(sys, proc, settings.places());
        rehearseOnce(settings);
        JnsEnter.rehearse(sys, proc, settings.state());
        // Through System.exit: the JVM writes its archive when it ends in order.
        System.exit(0);
    }

    /** Covers the path with an empty folder, in this thread's mount namespace. */
    private void cover(AbsPath path) {
        StateFolder.make(sys, path, 0700);
        try (Fd onto = sys.open(path.value(), OpenAs.PATH);
                Fd empty = sys.fresh("tmpfs", Map.of("mode", "700"), MountFlags.NOSUID.plus(MountFlags.NODEV))) {
            sys.attach(empty, onto);
        }
    }

    /** Runs the code of {@code --once} for a name that no user has. */
    private void rehearseOnce(Settings settings) {
        Sockets sockets = new Sockets();
        Sockets.Pair pair = sockets.pair();
        sockets.send(pair.one(), Codec.encode(new Request.Open("/", "rehearsal", "")), Optional.empty());
        OneLogin.loadAhead();
        new OneLogin(sys, proc, settings).serve(pair.other());
        pair.one().close();
    }

    private void makeFolders(Places places) {
        StateFolder.make(sys, places.state(), 0700);
        StateFolder.makeHidden(sys, places.hidden());
        Records.makeFolders(sys, places.state());
        StateFolder.make(sys, Pins.keeper(places.state()), 0700);
        StateFolder.make(sys, places.instances(), 0700);
    }

    private Settings settings() {
        try {
            return Settings.load(new TrustedFiles(sys, true));
        } catch (Settings.Unusable e) {
            unusable = e.getMessage();
            return new LastSettings(sys).settings().orElseThrow(() -> new CannotStart(e.getMessage()));
        }
    }

    private void lookAtDisk(AbsPath instances) {
        try {
            if (OwnDisk.look(sys, instances)) {
                log().error("users without private folders are refused: {}", OwnDisk.complaint(instances));
            }
        } catch (SyscallException e) {
            log().warn("cannot find out whether {} is on a disk of its own: {}", instances, e.getMessage());
        }
    }

    /** Keeps the settings for the next start. */
    private void keepSettings() {
        if (!unusable.isEmpty()) {
            log().error("{}; the settings of the last start are in force", unusable);
            return;
        }
        try {
            new LastSettings(sys)
                    .keep(Settings.read(new TrustedFiles(sys, true)).source());
        } catch (SyscallException e) {
            log().warn(
                            "cannot keep a copy of the settings: {}; a start with errors in {} would fail",
                            e.getMessage(),
                            Settings.FILE);
        }
    }
}
