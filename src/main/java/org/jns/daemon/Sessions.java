// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jns.model.Subject;
import org.jns.sys.Fd;
import org.jns.sys.Poller;

/** The sessions that are open: each is a connection that ends when the session does. Belongs to the main thread. */
final class Sessions {
    private final Poller poller;
    private final long firstToken;
    private final Map<Long, Session> open = new HashMap<>();
    /** By id; read by other threads. */
    private final Map<String, Long> users = new ConcurrentHashMap<>();
    private long nextToken;

    private record Session(String id, Subject subject, Fd lease) {}

    /**
     * @param firstToken from here on the poller's tokens are sessions
     */
    Sessions(Poller poller, long firstToken) {
        this.poller = poller;
        this.firstToken = firstToken;
        this.nextToken = firstToken;
    }

    void begin(String id, Subject subject, Fd lease) {
        long token = nextToken++;
        users.put(id, subject.uid());
        open.put(token, new Session(id, subject, lease));
        poller.watch(lease, token);
    }

    boolean isSession(long token) {
        return token >= firstToken;
    }

    /**
     * The module says nothing on a lease: whatever the poller reports of it is its end.
     *
     * @return whose it was, if it was open
     */
    Optional<Subject> end(long token) {
        Session session = open.remove(token);
        if (session != null) {
            // The poller forgets a descriptor that is closed, epoll(7).
            session.lease().close();
            users.remove(session.id());
            LoginLog.ended(session.id(), session.subject());
        }
        return Optional.ofNullable(session).map(Session::subject);
    }

    int count() {
        return open.size();
    }

    /** The uid of each open session's user; may be asked by any thread. */
    Map<String, Long> users() {
        return Map.copyOf(users);
    }
}
