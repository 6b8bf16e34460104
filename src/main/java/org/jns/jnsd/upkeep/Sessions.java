// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jns.jnsd.views.ResidentViews;
import org.jns.linux.Fd;
import org.jns.linux.Poller;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Printable;
import org.jns.state.Records;
import org.jns.state.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sessions. Each ends once: when its connection ends, or the process that opened it, whichever comes first.
 * Belongs to the main thread.
 */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final Syscalls sys;
    private final Poller poller;
    private final long firstToken;
    private final Records records;
    private final ResidentViews views;
    /** By each of its tokens. */
    private final Map<Long, Open> open = new HashMap<>();
    /** By id; read by other threads. */
    private final Map<String, Long> users = new ConcurrentHashMap<>();

    private long nextToken;

    /** A session's two tokens are consecutive: first its connection's, then its leader's. */
    private record Open(long token, Session session, Optional<Fd> lease, Optional<Fd> leader) {}

    /** @param firstToken the poller's tokens from this one on belong to sessions */
    public Sessions(Syscalls sys, Poller poller, long firstToken, Records records, ResidentViews views) {
        this.sys = sys;
        this.poller = poller;
        this.firstToken = firstToken;
        this.records = records;
        this.views = views;
        this.nextToken = firstToken;
    }

    /**
     * @param lease the connection; empty for a session that another process has begun
     * @return false if it has ended already
     */
    public boolean begin(Session session, Optional<Fd> lease) {
        Optional<Fd> leader = leader(session);
        if (lease.isEmpty() && leader.isEmpty()) {
            forget(session);
            return false;
        }
        Open one = new Open(nextToken, session, lease, leader);
        nextToken += 2;
        users.put(session.id(), session.uid());
        lease.ifPresent(connection -> watch(connection, one, one.token()));
        leader.ifPresent(process -> watch(process, one, one.token() + 1));
        return true;
    }

    private void watch(Fd file, Open one, long token) {
        open.put(token, one);
        poller.watch(file, token);
    }

    /** Empty if the leader has ended, or cannot be watched: then only the connection tells. */
    private Optional<Fd> leader(Session session) {
        try {
            return session.leader().pid() == 0
                    ? Optional.empty()
                    : session.leader().watch(sys);
        } catch (SyscallException e) {
            return Optional.empty();
        }
    }

    public boolean isSession(long token) {
        return token >= firstToken;
    }

    public boolean isOpen(String id) {
        return users.containsKey(id);
    }

    /**
     * The module sends nothing on a lease, and a pidfd reports only the process's end: any event of the poller is the
     * session's end.
     *
     * @return the session that has ended, if it was open
     */
    public Optional<Session> end(long token) {
        Open one = open.get(token);
        if (one == null) {
            return Optional.empty();
        }
        open.remove(one.token());
        open.remove(one.token() + 1);
        // The poller forgets a closed descriptor, epoll(7).
        one.lease().ifPresent(Fd::close);
        one.leader().ifPresent(Fd::close);
        users.remove(one.session().id());
        forget(one.session());
        LOG.atInfo()
                .addKeyValue("EVENT", "session-end")
                .addKeyValue("SESSION", one.session().id())
                .addKeyValue("USER", one.session().user())
                .addKeyValue("UID", one.session().uid())
                .log(
                        "{}: session {} ended",
                        Printable.of(one.session().user()),
                        one.session().id());
        return Optional.of(one.session());
    }

    /** Removes the record of a session that has ended, or never began. */
    public void forget(Session session) {
        views.leave(session.view(), session.id());
        try {
            records.removeSession(sys, session.id());
        } catch (SyscallException e) {
            LOG.atWarn()
                    .addKeyValue("EVENT", "not-forgotten")
                    .addKeyValue("SESSION", session.id())
                    .log(
                            "cannot remove the record of session {}: {}; it goes at the next start",
                            session.id(),
                            e.getMessage());
        }
    }

    public List<Session> all() {
        return open.values().stream().map(Open::session).distinct().toList();
    }

    public List<Session> ofUser(long uid) {
        return open.values().stream()
                .map(Open::session)
                .filter(session -> session.uid() == uid)
                .distinct()
                .toList();
    }

    public int count() {
        return users.size();
    }

    /** The uid of each open session's user; thread-safe. */
    Map<String, Long> users() {
        return new HashMap<>(users);
    }
}
