// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon.login;

import java.util.Optional;
import org.jns.config.AccountsBefore;
import org.jns.config.Places;
import org.jns.config.Subjects;
import org.jns.daemon.views.Ledger;
import org.jns.daemon.views.Views;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.sys.Fd;
import org.jns.sys.Hanging;
import org.jns.sys.LinuxSyscalls;
import org.jns.sys.NameService;
import org.jns.sys.Progress;
import org.jns.sys.Sockets;

/** What one thread at a time needs to serve a login, with its native memory. Made by one thread and used again by many. */
public final class Workbench {
    final LinuxSyscalls sys;
    final Sockets sockets = new Sockets();
    public final NameService names = new NameService();
    final LoginService logins;
    final Progress progress;
    private final Common common;
    private Entrances entrances;
    private volatile Optional<Turns.Pending> served = Optional.empty();

    public Workbench(Common common) {
        this.common = common;
        this.progress = new Progress(common.hanging());
        this.sys = new LinuxSyscalls(common.proc(), progress);
        Ledger ledger = new Ledger(sys, common.records(), common.pins(), common.views());
        this.logins = new LoginService(sys, new Subjects(names, sys, progress, common.accounts(), common.patience()), names, common.places(), ledger, common.hostNamespace());
    }

    /** Told by the thread that has this. */
    void serves(Optional<Turns.Pending> login) {
        progress.begin(login.isPresent() && login.get().isUrgent());
        served = login;
    }

    /** The login that is served now; any thread may ask. */
    Optional<Turns.Pending> served() {
        return served;
    }

    /** Made when it is asked for: most hosts never do, and a login needs nothing of it. */
    Entrances entrances() {
        if (entrances == null) {
            entrances = new Entrances(this, common);
        }
        return entrances;
    }

    /**
     * What all threads have in common.
     *
     * @param patience as {@link Subjects} has it
     */
    public record Common(
            Fd proc, Fd hostNamespace, Places places, Records records, Pins pins, Views views, Hanging hanging, AccountsBefore accounts, long patience) {

        public Common(Fd proc, Fd hostNamespace, Places places, Records records, Pins pins, Views views, long patience) {
            this(proc, hostNamespace, places, records, pins, views, new Hanging(), new AccountsBefore(), patience);
        }
    }
}
