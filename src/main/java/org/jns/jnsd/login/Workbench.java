// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.Optional;
import org.jns.Nullable;
import org.jns.config.AccountsBefore;
import org.jns.config.Places;
import org.jns.config.Subjects;
import org.jns.jnsd.views.JoinableViews;
import org.jns.jnsd.views.Ledger;
import org.jns.linux.Fd;
import org.jns.linux.Hanging;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.NameService;
import org.jns.linux.Progress;
import org.jns.linux.Sockets;
import org.jns.state.Pins;
import org.jns.state.Records;

/**
 * What one thread at a time needs to serve a login, with its native memory. One thread makes it, and many use it later.
 */
public final class Workbench {
    /** Descriptors reserved for root, for users who have a view already, and for what the daemon itself opens. */
    private static final long MOST_RESERVED = 512;

    final LinuxSyscalls sys;
    final Sockets sockets = new Sockets();
    public final NameService names = new NameService();
    final LoginService logins;
    final Progress progress;
    final Ledger ledger;
    final Common common;
    private @Nullable Entrances entrances;
    private volatile Optional<Turns.Pending> served = Optional.empty();

    public Workbench(Common common) {
        this.common = common;
        this.progress = new Progress(common.hanging());
        this.sys = new LinuxSyscalls(common.proc(), progress);
        this.ledger = new Ledger(sys, common.places().state(), common.records(), common.pins(), common.views());
        this.logins = new LoginService(
                sys,
                new Subjects(names, sys, progress, common.accounts(), common.patience()),
                names,
                common.places(),
                ledger,
                common.hostNamespace(),
                common.mostFiles());
    }

    /**
     * Whether the remaining descriptors are reserved for others. The kernel assigns the lowest free number, so the
     * number of a new descriptor tells how many are open.
     *
     * @param newest descriptor
     * @param makesView whether the login needs a new view, with all that this opens; logins that join a view are
     *     admitted for longer
     */
    static boolean isShort(long mostFiles, Fd newest, boolean makesView) {
        long reserve = Math.min(MOST_RESERVED, mostFiles / 4);
        return mostFiles > 0 && newest.number() >= mostFiles - (makesView ? reserve : reserve / 2);
    }

    /** Called by the thread that has this workbench. */
    void serves(Optional<Turns.Pending> login) {
        progress.begin(login.isPresent() && login.get().isUrgent());
        served = login;
    }

    /** The login that is served now; thread-safe. */
    Optional<Turns.Pending> served() {
        return served;
    }

    /** Made on first use: most hosts never need it, and no login does. */
    Entrances entrances() {
        if (entrances == null) {
            entrances = new Entrances(this, common);
        }
        return entrances;
    }

    /**
     * What all threads share.
     *
     * @param patience as {@link Subjects} has it
     * @param mostFiles how many files the process may have open; 0 if there is no limit
     */
    public record Common(
            Fd proc,
            Fd hostNamespace,
            Places places,
            Records records,
            Pins pins,
            JoinableViews views,
            Hanging hanging,
            AccountsBefore accounts,
            long patience,
            long mostFiles) {

        public Common(
                Fd proc,
                Fd hostNamespace,
                Places places,
                Records records,
                Pins pins,
                JoinableViews views,
                long patience,
                long mostFiles) {
            this(
                    proc,
                    hostNamespace,
                    places,
                    records,
                    pins,
                    views,
                    new Hanging(),
                    new AccountsBefore(),
                    patience,
                    mostFiles);
        }
    }
}
