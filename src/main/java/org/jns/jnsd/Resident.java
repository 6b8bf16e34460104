// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jns.config.Places;
import org.jns.config.Settings;
import org.jns.jnsd.login.Workbench;
import org.jns.jnsd.metrics.OpenFiles;
import org.jns.jnsd.upkeep.Cleaner;
import org.jns.jnsd.upkeep.Recovery;
import org.jns.jnsd.views.ResidentViews;
import org.jns.jnsd.warmup.Rehearsal;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.Syscalls;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.Session;
import org.jns.view.SpareView;

/**
 * Prepares the resident daemon for its first login: finds or makes the keeper of the views, loads all classes, and
 * takes over what earlier daemons have left. It runs on a separate thread, because the main thread never leaves the
 * host's view.
 */
final class Resident {
    private final Workbench.Common common;
    private final ResidentViews views;
    private final List<Session> found;
    private final Rehearsal rehearsal;

    private Resident(Workbench.Common common, ResidentViews views, List<Session> found, Rehearsal rehearsal) {
        this.common = common;
        this.views = views;
        this.found = found;
        this.rehearsal = rehearsal;
    }

    /**
     * The state's folders exist, and no other daemon runs.
     *
     * @throws org.jns.linux.SyscallException if the kernel has no room for the keeper
     */
    static Resident prepare(Syscalls sys, Fd proc, Places places) {
        Fd hostNamespace = sys.namespaceOfThisThread();
        Records records = new Records(sys, places.state());
        FutureTask<Resident> task =
                new FutureTask<>(() -> prepare(new LinuxSyscalls(proc), proc, hostNamespace, places, records));
        new Thread(task, "prepare").start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static Resident prepare(Syscalls sys, Fd proc, Fd hostNamespace, Places places, Records records) {
        Pins pins = Pins.open(sys, places.state(), hostNamespace);
        // Here the errno tells that the kernel lacks a system call. In a rehearsed login that would be a refusal like
        // any other.
        try (SpareView spare = new SpareView(sys, hostNamespace)) {
            spare.refresh();
        }
        Rehearsal rehearsal = new Rehearsal(sys, places, pins, hostNamespace);
        rehearsal.run(proc);
        ResidentViews views = new ResidentViews();
        Recovery recovery = new Recovery(sys, records, pins, views);
        recovery.tidy(Cleaner::isSettled);
        List<Session> found = recovery.adopt(id -> false, since -> true);
        return new Resident(
                new Workbench.Common(proc, hostNamespace, places, records, pins, views, 0, OpenFiles.most()),
                views,
                found,
                rehearsal);
    }

    /** Runs when real logins are served, on a thread that shares its root and working folder with no other. */
    void rehearseAgain() {
        rehearsal.runAgain(common.proc());
    }

    Daemon daemon(Syscalls sys, Settings settings, Fd listening) {
        return new Daemon(sys, settings, common, views, found, listening);
    }
}
