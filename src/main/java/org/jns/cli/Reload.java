// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jns.sys.Fd;
import org.jns.sys.Sockets;
import org.jns.sys.SyscallException;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.jns.wire.WireException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes the daemon read its rules. */
@Command(
        name = "reload",
        description = "Makes the daemon read its rules again. Rules with an error are not taken: the old ones stay in force.",
        mixinStandardHelpOptions = true)
final class Reload implements Callable<Integer> {
    private static final long ANSWER_WITHIN_MS = 10_000;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Reply reply = ask(new Host().settings().socket().value());
        if (reply instanceof Reply.Done done) {
            out().println(done.text());
            return 0;
        }
        String reason = reply instanceof Reply.Refused refused ? refused.reason() : "the daemon does not understand";
        throw new Host.Failure("cannot reload: " + reason);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static Reply ask(String socket) {
        Sockets sockets = new Sockets();
        try (Fd connection = sockets.connect(socket)) {
            sockets.send(connection, Codec.encode(new Request.Reload()), Optional.empty());
            byte[] answer = sockets.receive(connection, Codec.MAX_PACKET, ANSWER_WITHIN_MS)
                    .orElseThrow(() -> new Host.Failure("cannot reload: the daemon does not answer; look at: journalctl -t jnsd"));
            return Codec.decodeReply(answer);
        } catch (SyscallException e) {
            throw new Host.Failure("cannot reach the daemon: " + e.getMessage() + "; is jnsd running, and are you root?");
        } catch (WireException e) {
            throw new Host.Failure("cannot understand the daemon: " + e.getMessage());
        }
    }
}
