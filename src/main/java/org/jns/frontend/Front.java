// SPDX-License-Identifier: Apache-2.0
package org.jns.frontend;

import java.util.Optional;
import java.util.function.BiFunction;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.recipe.Invocation;
import org.jns.wire.Codec;
import org.jns.wire.Request;
import org.jns.wire.WireException;

/**
 * The JVM that a command starts for itself: it answers that one command line, with the caller's rights, and ends. The
 * request comes on the inherited descriptor 3.
 */
public final class Front {
    private static final int INHERITED = 3;
    private static final int CANNOT = 125;
    private static final long REQUEST_WITHIN_MS = 10_000;

    /** The process that asks. */
    public record Caller(int pid, long uid, long gid) {
        public boolean isRoot() {
            return uid == 0;
        }
    }

    /** The tools of a command. */
    public record Tools(Syscalls sys, Fd proc) {}

    private Front() {}

    /**
     * Does not return.
     *
     * @param command gets the tools and the request
     */
    public static void serve(String program, BiFunction<Tools, Asked, Response> command) {
        int status = CANNOT;
        try {
            Sockets sockets = new Sockets();
            Fd proc = LinuxSyscalls.openProc();
            Tools tools = new Tools(new LinuxSyscalls(proc), proc);
            Fd connection = sockets.inherited(INHERITED);
            new RecipeChannel(tools.sys(), sockets)
                    .answer(connection, command.apply(tools, ask(tools.sys(), sockets, connection)));
            status = 0;
        } catch (SyscallException | WireException | Invocation.Unreadable e) {
            System.err.println(program + ": cannot work out what to do: " + e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            System.err.println(program + ": cannot work out what to do: internal error: " + e);
        }
        // Not System.exit: the command waits for this process to end.
        Runtime.getRuntime().halt(status);
    }

    /** A command line and its caller. */
    public record Asked(Invocation invocation, Caller caller) {}

    private static Asked ask(Syscalls sys, Sockets sockets, Fd connection) throws WireException, Invocation.Unreadable {
        Sockets.Peer peer = sockets.peer(connection);
        Optional<Sockets.Received> received =
                sockets.receiveWithDescriptor(connection, Codec.MAX_PACKET, REQUEST_WITHIN_MS);
        if (received.isEmpty()
                || received.get().passed().isEmpty()
                || !(Codec.decodeRequest(received.get().packet()) instanceof Request.Enter)) {
            throw new WireException(
                    "descriptor " + INHERITED + " has no command line; start jnsenter or jnsrun instead");
        }
        try (Fd file = received.get().passed().get()) {
            return new Asked(
                    new RecipeChannel(sys, sockets).read(file), new Caller(peer.pid(), peer.uid(), peer.gid()));
        }
    }
}
