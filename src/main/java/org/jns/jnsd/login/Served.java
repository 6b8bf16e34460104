// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.Sockets;
import org.jns.state.Session;
import org.jns.state.View;
import org.jns.wire.Request;

/** What a login thread leaves to the main thread when it ends: to log, to remember, to do. */
public sealed interface Served {

    /**
     * @param lease the connection, if the login was granted: it ends with the session
     * @param micros from accepting the connection to having sent the answer
     */
    record Login(Answer answer, Optional<Fd> lease, long micros) implements Served {}

    /** A login was granted, and the module was not there any more to hear of it. */
    record Abandoned(Answer answer, String why) implements Served {}

    /** Somebody else has begun the session: the resident helper before this one, or a helper for one login. */
    record Adopted(Session session) implements Served {}

    /** Somebody with root's rights asks for something other than a login; the answer goes to the connection. */
    record Asked(Request request, Fd connection) implements Served {}

    /**
     * Root was told how to enter something.
     *
     * @param view empty if it is none of ours, or was refused
     */
    record Entered(Sockets.Peer peer, Optional<View> view) implements Served {}

    /** Somebody other than root has connected, who may ask for a view and has not said anything yet. */
    record Visitor(Fd connection, Sockets.Peer peer) implements Served {}

    /**
     * A view for one command has been made, or not.
     *
     * @param why there is none; empty if there is one
     * @param begun whether the user's folders may have been made for it
     */
    record Fresh(Sockets.Peer peer, Owner owner, String rule, String why, boolean begun) implements Served {}

    /**
     * So many logins hang at a place that nobody else is to try.
     *
     * @param place a mount point, a path, or the user database
     * @param logins 0 when it answers again
     */
    record Hangs(String place, int logins) implements Served {}

    /** A connection that was not a login. */
    record Dropped(String why) implements Served {}

    /** The daemon stops, and the thread had nothing to do. */
    record Nothing() implements Served {}
}
