// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.Optional;
import org.jns.sys.Fd;
import org.jns.wire.Request;

/** What a login thread leaves to the main thread when it ends: to log, to remember, to do. */
sealed interface Served {

    /**
     * @param lease the connection, if the login was granted: it ends with the session
     * @param namespace inode of the mount namespace, 0 for none
     * @param micros from accepting the connection to having sent the answer
     */
    record Login(Answer answer, Optional<Fd> lease, long namespace, long micros) implements Served {}

    /** Somebody with root's rights asks for something other than a login; the answer goes to the connection. */
    record Asked(Request request, Fd connection) implements Served {}

    /** A connection that was not a login. */
    record Dropped(String why) implements Served {}

    /** The daemon stops, and the thread had nothing to do. */
    record Nothing() implements Served {}
}
