// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.requests;

import java.util.Optional;
import org.jns.jnsctl.output.Host;
import org.jns.linux.Fd;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.jns.wire.WireException;

/** Sends a request to the daemon. */
final class DaemonCall {
    private static final long ANSWER_WITHIN_MS = 20_000;

    private DaemonCall() {}

    /**
     * The daemon's answer after success.
     *
     * @param what for the error message: a verb
     */
    static String make(Request request, String what) {
        return make(request, what, ANSWER_WITHIN_MS);
    }

    /**
     * Like {@link #make(Request, String)}.
     *
     * @param milliseconds to wait for the answer at most
     */
    static String make(Request request, String what, long milliseconds) {
        Reply reply = ask(request, what, new Host().settings().socket().value(), milliseconds);
        if (reply instanceof Reply.Done done) {
            return done.text();
        }
        String reason = reply instanceof Reply.Refused refused ? refused.reason() : "the daemon does not understand";
        throw new Host.Failure("cannot " + what + ": " + reason);
    }

    private static Reply ask(Request request, String what, String socket, long milliseconds) {
        Sockets sockets = new Sockets();
        try (Fd connection = sockets.connect(socket)) {
            sockets.send(connection, Codec.encode(request), Optional.empty());
            byte[] answer = sockets.receive(connection, Codec.MAX_PACKET, milliseconds)
                    .orElseThrow(() -> new Host.Failure(
                            "cannot " + what + ": the daemon does not answer; look at: journalctl -t jnsd"));
            return Codec.decodeReply(answer);
        } catch (SyscallException e) {
            throw new Host.Failure(
                    "cannot reach the daemon: " + e.getMessage() + "; is jnsd running, and are you root?");
        } catch (WireException e) {
            throw new Host.Failure("cannot understand the daemon: " + e.getMessage());
        }
    }
}
