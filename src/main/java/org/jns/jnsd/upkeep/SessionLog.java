// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import org.jns.model.Printable;
import org.jns.state.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the end of sessions. */
final class SessionLog {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

    private SessionLog() {}

    static void notForgotten(Session session, String why) {
        LOG.atWarn()
                .addKeyValue("EVENT", "not-forgotten")
                .addKeyValue("SESSION", session.id())
                .log("cannot remove the record of session {}: {}; it goes at the next start", session.id(), why);
    }

    static void ended(Session session) {
        LOG.atInfo()
                .addKeyValue("EVENT", "session-end")
                .addKeyValue("SESSION", session.id())
                .addKeyValue("USER", session.user())
                .addKeyValue("UID", session.uid())
                .log("{}: session {} ended", Printable.of(session.user()), session.id());
    }
}
