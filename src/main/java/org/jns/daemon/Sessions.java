// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.HashMap;
import java.util.Map;
import org.jns.model.Subject;
import org.jns.sys.Fd;
import org.jns.sys.Poller;

/** The sessions that are open: each is a connection that ends when the session does. Belongs to the main thread. */
final class Sessions {
    private final Poller poller;
    private final long firstToken;
    private final Map<Long, Session> open = new HashMap<>();
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
        open.put(token, new Session(id, subject, lease));
        poller.watch(lease, token);
    }

    boolean isSession(long token) {
        return token >= firstToken;
    }

    /** The module says nothing on a lease: whatever the poller reports of it is its end. */
    void end(long token) {
        Session session = open.remove(token);
        if (session != null) {
            // The poller forgets a descriptor that is closed, epoll(7).
            session.lease().close();
            LoginLog.ended(session.id(), session.subject());
        }
    }

    int count() {
        return open.size();
    }
}
