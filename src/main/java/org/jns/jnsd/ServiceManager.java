// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.linux.Fd;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;

/** The connection to systemd, or another service manager with the same protocol: sd_listen_fds(3), sd_notify(3). */
final class ServiceManager {

    private ServiceManager() {}

    /**
     * The socket on which the service manager listens for this daemon.
     *
     * @param number of the first descriptor that it passes
     */
    static Optional<Fd> listeningSocket(int number) {
        String pid = System.getenv("LISTEN_PID");
        boolean forUs =
                Long.toString(ProcessHandle.current().pid()).equals(pid) && "1".equals(System.getenv("LISTEN_FDS"));
        return forUs ? Optional.of(new Sockets().inherited(number)) : Optional.empty();
    }

    /**
     * After how many microseconds without {@link #notifyAlive} it ends the process; empty if it does not,
     * sd_watchdog_enabled(3).
     */
    static OptionalLong patience() {
        String pid = System.getenv("WATCHDOG_PID");
        String microseconds = System.getenv("WATCHDOG_USEC");
        boolean forUs =
                pid == null || Long.toString(ProcessHandle.current().pid()).equals(pid);
        boolean isTime = microseconds != null && microseconds.matches("[1-9][0-9]{0,14}");
        return forUs && isTime ? OptionalLong.of(Long.parseLong(microseconds)) : OptionalLong.empty();
    }

    /** Reports that logins are served, if a service manager asks for it. */
    static void notifyReady() {
        tell("READY=1");
    }

    /** Reports that all threads work, if a service manager asks for it. */
    static void notifyAlive() {
        tell("WATCHDOG=1");
    }

    private static void tell(String what) {
        String path = System.getenv("NOTIFY_SOCKET");
        if (path == null || !path.startsWith("/")) {
            return;
        }
        Sockets sockets = new Sockets();
        try (Fd socket = sockets.connectDatagram(path)) {
            sockets.sendDatagram(socket, what.getBytes(StandardCharsets.UTF_8));
        } catch (SyscallException e) {
            org.slf4j.LoggerFactory.getLogger(ServiceManager.class)
                    .warn("cannot tell the service manager: {}", e.getMessage());
        }
    }
}
