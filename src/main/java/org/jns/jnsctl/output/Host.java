// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jns.config.LastSettings;
import org.jns.config.Settings;
import org.jns.config.TrustedFiles;
import org.jns.folders.OwnDisk;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;

/** The machine that a command looks at. */
public final class Host {
    private final Fd proc = LinuxSyscalls.openProc();
    public final Syscalls sys = new LinuxSyscalls(proc);

    /** The same, for another thread. */
    public Syscalls another() {
        return new LinuxSyscalls(proc);
    }

    /** Whether the command may look at everything that the daemon may. */
    public boolean isRoot() {
        // Not "self", because only root may follow that link.
        String number = Long.toString(ProcessHandle.current().pid());
        try (Fd self = sys.open(Optional.of(proc), number, Syscalls.OpenAs.PATH, Syscalls.Walk.NO_LINKS)) {
            return sys.stat(self).uid() == 0;
        }
    }

    /** The settings of a daemon that starts now. */
    public Settings settings() {
        try {
            return Settings.load(new TrustedFiles(sys, false));
        } catch (Settings.Unusable e) {
            return new LastSettings(sys)
                    .settings()
                    .orElseThrow(() -> new Failure("cannot use the settings: " + e.getMessage()));
        }
    }

    /** The error if the private folders should be on a disk that is not mounted now. */
    public Optional<String> missingDisk(AbsPath folders) {
        Path base = Path.of(folders.value());
        try {
            boolean isMarked = Files.isSymbolicLink(base.resolveSibling(OwnDisk.mark(folders)));
            boolean isBelow = isMarked
                    && Files.getAttribute(base, "unix:dev").equals(Files.getAttribute(base.getParent(), "unix:dev"));
            return isBelow ? Optional.of(OwnDisk.complaint(folders)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A command failed; the message is for the admin. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Failure(String message) {
            super(message, null, false, false);
        }
    }
}
