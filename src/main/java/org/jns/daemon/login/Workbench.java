// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon.login;

import org.jns.config.Places;
import org.jns.daemon.views.Ledger;
import org.jns.daemon.views.Views;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.sys.Fd;
import org.jns.sys.LinuxSyscalls;
import org.jns.sys.NameService;
import org.jns.sys.Sockets;

/** What one thread at a time needs to serve a login, with its native memory. Made by the main thread and used again by many threads. */
public final class Workbench {
    final LinuxSyscalls sys;
    final Sockets sockets = new Sockets();
    public final NameService names = new NameService();
    final LoginService logins;
    private final Common common;
    private Entrances entrances;

    public Workbench(Common common) {
        this.common = common;
        this.sys = new LinuxSyscalls(common.proc());
        Ledger ledger = new Ledger(sys, common.records(), common.pins(), common.views());
        this.logins = new LoginService(sys, names, common.places(), ledger, common.hostNamespace());
    }

    /** Made when it is asked for: most hosts never do, and a login needs nothing of it. */
    Entrances entrances() {
        if (entrances == null) {
            entrances = new Entrances(this, common);
        }
        return entrances;
    }

    /** What all threads have in common. */
    public record Common(Fd proc, Fd hostNamespace, Places places, Records records, Pins pins, Views views) {}
}
