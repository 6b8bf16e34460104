// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jns.apply.SpareView;
import org.jns.config.Policy;
import org.jns.sys.Fd;
import org.jns.sys.Sockets;
import org.jns.sys.SyscallException;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.jns.wire.WireException;

/**
 * Makes a mount namespace of its own, waits for one connection, and answers it. Then it goes back to the host's view by setns(2), which
 * brings root and working folder back too, and begins anew; a thread that cannot go back, or in which anything unexpected happened,
 * ends. Nothing that it runs between its first mount and its return starts a thread or loads a class.
 */
final class LoginThread implements Runnable {
    /** The module sends its request at once; who does not is no module. */
    private static final long REQUEST_WITHIN_MS = 2000;

    private final Workbench bench;
    private final Fd hostNamespace;
    private final Function<SpareView, Optional<Fd>> connections;
    private final Supplier<Policy> policy;
    private final Consumer<Served> done;

    /**
     * @param connections waits for the thread's next connection, with a spare view that it may renew meanwhile; empty: there will be none
     * @param done takes what is left to do
     */
    LoginThread(
            Workbench bench, Fd hostNamespace, Function<SpareView, Optional<Fd>> connections, Supplier<Policy> policy, Consumer<Served> done) {
        this.bench = bench;
        this.hostNamespace = hostNamespace;
        this.connections = connections;
        this.policy = policy;
        this.done = done;
    }

    @Override
    public void run() {
        try (SpareView spare = new SpareView(bench.sys, hostNamespace)) {
            prepare(spare);
            Optional<Fd> connection = connections.apply(spare);
            while (connection.isPresent()) {
                done.accept(serve(connection.get(), spare));
                spare.leave();
                prepare(spare);
                connection = connections.apply(spare);
            }
        } catch (RuntimeException e) {
            done.accept(new Served.Dropped("a login thread ends: " + e));
        }
    }

    /** If there is no room for a namespace now, the login says so: it may be another time by then. */
    static void prepare(SpareView spare) {
        try {
            spare.refresh();
        } catch (SyscallException e) {
            return;
        }
    }

    private Served serve(Fd connection, SpareView spare) {
        long began = System.nanoTime();
        Served served = new Served.Nothing();
        try {
            served = exchange(connection, spare, began);
        } catch (SyscallException e) {
            served = new Served.Dropped("connection dropped: " + e.getMessage());
        } catch (WireException e) {
            served = new Served.Dropped("connection dropped: request is not understood: " + e.getMessage());
        } finally {
            boolean kept = served instanceof Served.Asked || served instanceof Served.Login login && login.lease().isPresent();
            if (!kept) {
                connection.close();
            }
        }
        return served;
    }

    private Served exchange(Fd connection, SpareView spare, long began) throws WireException {
        Sockets.Peer peer = bench.sockets.peer(connection);
        if (peer.uid() != 0) {
            return new Served.Dropped("connection dropped: pid " + peer.pid() + " of uid " + peer.uid() + " is not root");
        }
        Optional<byte[]> packet = bench.sockets.receive(connection, Codec.MAX_PACKET, REQUEST_WITHIN_MS);
        if (packet.isEmpty()) {
            return new Served.Dropped("connection dropped: pid " + peer.pid() + " connected and asked nothing");
        }
        Request request = Codec.decodeRequest(packet.get());
        if (request instanceof Request.Open open) {
            return login(connection, open, spare, began);
        }
        return new Served.Asked(request, connection);
    }

    private Served login(Fd connection, Request.Open request, SpareView spare, long began) {
        Answer answer = answer(request, spare);
        try {
            bench.sockets.send(connection, Codec.encode(answer.reply()), answer.namespace());
            long micros = (System.nanoTime() - began) / 1000;
            long inode = answer.namespace().map(fd -> bench.sys.stat(fd).inode()).orElse(0L);
            boolean granted = answer.reply() instanceof Reply.Granted;
            return new Served.Login(answer, granted ? Optional.of(connection) : Optional.empty(), inode, micros);
        } finally {
            closeNamespace(answer);
        }
    }

    /** Not in the finally block itself: each way through that would load a class of its own, in the user's view. */
    private static void closeNamespace(Answer answer) {
        if (answer.reply() instanceof Reply.Granted) {
            answer.namespace().ifPresent(Fd::close);
        }
    }

    /** A fault of ours must refuse this login and harm no other. */
    private Answer answer(Request.Open request, SpareView spare) {
        try {
            return bench.logins.answer(request, policy.get(), spare);
        } catch (RuntimeException | LinkageError e) {
            Reply reply = new Reply.Refused("internal error: " + e);
            return Answer.without(request, Optional.empty(), reply, java.util.List.of());
        }
    }
}
