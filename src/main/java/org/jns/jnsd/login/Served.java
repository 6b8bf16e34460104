// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.Sockets;
import org.jns.state.Session;
import org.jns.state.View;
import org.jns.wire.Request;

/** What a login thread leaves to the main thread: to log, to count, to remember, to answer. */
public sealed interface Served {

    /** Calls the one method of the receiver that is for this. */
    void to(Receiver receiver);

    /** Has a method for each kind, so that the compiler finds a kind that nobody handles. */
    interface Receiver {

        void login(Login login);

        void abandoned(Abandoned abandoned);

        void adopted(Adopted adopted);

        void asked(Asked asked);

        void entered(Entered entered);

        void ownerConnection(OwnerConnection ownerConnection);

        void commandView(CommandView commandView);

        void hangs(Hangs hangs);

        void dropped(Dropped dropped);
    }

    /**
     * @param lease the connection, if the login was granted: it ends with the session
     * @param micros from accepting the connection to having sent the answer
     */
    record Login(Answer answer, Optional<Fd> lease, long micros) implements Served {

        @Override
        public void to(Receiver receiver) {
            receiver.login(this);
        }
    }

    /** A login was granted, but the module had disconnected. */
    record Abandoned(Answer answer, String why) implements Served {

        @Override
        public void to(Receiver receiver) {
            receiver.abandoned(this);
        }
    }

    /** A session that another process began: the daemon before this one, or {@code jnsd --once}. */
    record Adopted(Session session) implements Served {

        @Override
        public void to(Receiver receiver) {
            receiver.adopted(this);
        }
    }

    /**
     * Root asks for something other than a login; the main thread answers on the connection, at once or after a look at
     * users or folders.
     */
    record Asked(Request request, Fd connection) implements Served {

        @Override
        public void to(Receiver receiver) {
            receiver.asked(this);
        }
    }

    /**
     * Root got a recipe for entering a view or a namespace.
     *
     * @param view empty if jns did not make it, or if the request was refused
     */
    record Entered(Sockets.Peer peer, Optional<View> view) implements Served {

        @Override
        public void to(Receiver receiver) {
            receiver.entered(this);
        }
    }

    /** A user other than root has connected, and has not sent a request yet; OwnerConnections receives it. */
    record OwnerConnection(Fd connection, Sockets.Peer peer) implements Served {

        @Override
        public void to(Receiver receiver) {
            receiver.ownerConnection(this);
        }
    }

    /**
     * The end of an attempt to make a view for one command.
     *
     * @param why there is no view; empty if there is one
     * @param begun whether the user's folders may have been made for it
     */
    record CommandView(Sockets.Peer peer, Owner owner, String rule, String why, boolean begun) implements Served {

        @Override
        public void to(Receiver receiver) {
            receiver.commandView(this);
        }
    }

    /**
     * Too many logins hang at a place, so that others are refused there.
     *
     * @param place a mount point, a path, or the user database
     * @param logins 0 if it answers again
     */
    record Hangs(String place, int logins) implements Served {

        @Override
        public void to(Receiver receiver) {
            receiver.hangs(this);
        }
    }

    /**
     * A connection without an answer, or with one that changes nothing and could not be sent; or a login thread that
     * ended.
     */
    record Dropped(String why) implements Served {

        @Override
        public void to(Receiver receiver) {
            receiver.dropped(this);
        }
    }
}
