// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import org.jns.config.Settings;
import org.jns.config.TrustedFiles;
import org.jns.sys.Fd;
import org.jns.sys.LinuxSyscalls;
import org.jns.sys.Syscalls;

/** The machine that a command looks at. */
final class Host {
    private final Fd proc = LinuxSyscalls.openProc();
    final Syscalls sys = new LinuxSyscalls(proc);

    /** The settings that the daemon has. */
    Settings settings() {
        try {
            return Settings.load(new TrustedFiles(sys, false));
        } catch (Settings.Unusable e) {
            throw new Failure("cannot use the settings: " + e.getMessage());
        }
    }

    /** A command could not do its work; the message is for the admin. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message, null, false, false);
        }
    }
}
