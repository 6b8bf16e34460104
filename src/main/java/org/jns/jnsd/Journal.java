// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import org.jns.Nullable;
import org.jns.linux.Fd;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.log.Datagrams;
import org.jns.log.JournalServiceProvider;
import org.jns.log.JournalSocket;

/**
 * The connection to journald. It is made at start, in the host's mount namespace, and made again after a restart of
 * journald. Only threads in the host's namespace log.
 */
final class Journal implements Datagrams {
    /** Nanoseconds between attempts to connect: a machine without journald is not asked again for each line. */
    private static final long AGAIN_AFTER_NS = 1_000_000_000L;

    private static final String SOCKET = "/run/systemd/journal/socket";

    private final Sockets sockets = new Sockets();
    private final String identifier;
    private @Nullable Fd socket;
    private long lastAttempt = System.nanoTime();

    private Journal(String identifier) {
        this.identifier = identifier;
    }

    /** Connects to the journal, if there is one; nothing is logged yet. */
    static Journal connect(String identifier) {
        Journal journal = new Journal(identifier);
        journal.connect();
        return journal;
    }

    /** Sends log lines to the journal from now on, or to standard error if there is no journal. */
    void route() {
        boolean errorsGoToJournal = System.getenv("JOURNAL_STREAM") != null;
        if (errorsGoToJournal && socket != null) {
            // No fallback: if journald hangs, a write to its stream would hang too, and with it the main thread.
            JournalServiceProvider.route(new JournalSocket(this, identifier), entry -> false);
        } else {
            JournalServiceProvider.route(new JournalSocket(this, identifier));
        }
    }

    private boolean connect() {
        try {
            socket = sockets.connectDatagram(SOCKET);
            return true;
        } catch (SyscallException e) {
            socket = null;
            return false;
        }
    }

    @Override
    public synchronized boolean send(byte[] entry) {
        if (trySend(entry)) {
            return true;
        }
        long now = System.nanoTime();
        if (now - lastAttempt < AGAIN_AFTER_NS) {
            return false;
        }
        lastAttempt = now;
        return connect() && trySend(entry);
    }

    private boolean trySend(byte[] entry) {
        if (socket == null) {
            return false;
        }
        try {
            sockets.sendDatagram(socket, entry);
            return true;
        } catch (SyscallException e) {
            socket.close();
            socket = null;
            return false;
        }
    }
}
