// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import org.jns.config.Places;
import org.jns.sys.Fd;
import org.jns.sys.LinuxSyscalls;
import org.jns.sys.NameService;
import org.jns.sys.Sockets;

/** What one thread at a time needs to serve a login, with its native memory. Made by the main thread and used again by many threads. */
final class Workbench {
    final LinuxSyscalls sys;
    final Sockets sockets = new Sockets();
    final NameService names = new NameService();
    final LoginService logins;

    Workbench(Fd proc, Places places) {
        this.sys = new LinuxSyscalls(proc);
        this.logins = new LoginService(sys, names, places);
    }
}
