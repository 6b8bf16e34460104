// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jns.config.Policy;
import org.jns.linux.Fd;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.model.Cause;
import org.jns.view.SpareView;
import org.jns.wire.Codec;
import org.jns.wire.Request;
import org.jns.wire.WireException;

/**
 * Serves connections on one thread, with a spare mount namespace. {@link LoginThreads} waits for them on that thread;
 * the daemon for one login has one connection. A login follows the methods in their order here: the request is read,
 * the login gets its turn, it is answered by {@link LoginService}, and the answer is sent. If the thread has built a
 * view, it then returns to the host's view by setns(2), which also resets its root and working folder. Nothing that it
 * runs between its first mount and its return starts a thread or loads a class.
 *
 * <p>Reasons: docs/decisions/01-spare-namespaces.md
 */
public final class LoginThread implements AutoCloseable {
    /** The module sends its request at once; a client that does not is something else. */
    private static final long REQUEST_WITHIN_MS = 2000;

    final SpareView spare;
    private final Workbench bench;
    private final Supplier<Policy> policy;
    private final Turns turns;
    private final Consumer<Served> done;
    private Optional<LinkageError> broken = Optional.empty();

    /**
     * Called on the thread.
     *
     * @param turns shared by all threads
     * @param done gets what the main thread has to do afterwards
     */
    LoginThread(Workbench bench, Supplier<Policy> policy, Turns turns, Consumer<Served> done) {
        this.spare = new SpareView(bench.sys, bench.common.hostNamespace());
        this.bench = bench;
        this.policy = policy;
        this.turns = turns;
        this.done = done;
    }

    /**
     * What a thread serves next: exactly one of the two is present.
     *
     * @param connection a connection that nobody has read from yet
     * @param waited a login that had to wait for a thread
     */
    record Arrival(Optional<Fd> connection, Optional<Turns.Pending> waited) {}

    /** Serves one connection on this thread, and nothing else. */
    public static void serveOne(Workbench bench, Supplier<Policy> policy, Consumer<Served> done, Fd connection) {
        try (LoginThread thread = new LoginThread(bench, policy, new Turns(System::nanoTime), done)) {
            thread.serve(new Arrival(Optional.of(connection), Optional.empty()));
        } catch (RuntimeException e) {
            done.accept(ended(e));
        }
    }

    static Served ended(RuntimeException e) {
        return new Served.Dropped("a login thread ends: " + e);
    }

    /**
     * Serves a connection, and then the logins that waited for it.
     *
     * @throws RuntimeException if the thread cannot return to the host's view, or something unexpected happens: it must
     *     end
     */
    void serve(Arrival arrival) {
        Optional<Turns.Pending> next =
                arrival.connection().isPresent() ? receive(arrival.connection().get()) : arrival.waited();
        while (next.isPresent()) {
            Turns.Pending login = next.get();
            next = turns.next(login, serveLogin(login));
        }
    }

    /** Empty if this thread has no login to serve now. */
    private Optional<Turns.Pending> receive(Fd connection) {
        long began = System.nanoTime();
        try {
            return exchange(connection, began);
        } catch (SyscallException e) {
            return drop(connection, e.getMessage());
        } catch (WireException e) {
            return drop(connection, "request is not understood: " + e.getMessage());
        }
    }

    private Optional<Turns.Pending> exchange(Fd connection, long began) throws WireException {
        Sockets.Peer peer = bench.sockets.peer(connection);
        if (peer.uid() != 0) {
            // No thread waits for an ordinary user, who could keep all threads waiting.
            done.accept(new Served.OwnerConnection(connection, peer));
            return Optional.empty();
        }
        Optional<Sockets.Received> received =
                bench.sockets.receiveWithDescriptor(connection, Codec.MAX_PACKET, REQUEST_WITHIN_MS);
        if (received.isEmpty()) {
            return drop(connection, "pid " + peer.pid() + " connected and asked nothing");
        }
        Request request = request(received.get());
        if (request instanceof Request.Enter) {
            done.accept(
                    bench.entrances().answer(connection, peer, received.get().passed()));
            return Optional.empty();
        }
        if (request instanceof Request.Open open) {
            boolean urgent = policy.get().isRoot(open.user());
            return takeTurn(new Turns.Pending(
                    connection, open, peer.pid(), began, received.get().passed(), urgent));
        }
        done.accept(new Served.Asked(request, connection));
        return Optional.empty();
    }

    /** Closes a descriptor that came with a packet for which none is allowed. */
    private Request request(Sockets.Received received) throws WireException {
        Optional<Fd> passed = received.passed();
        try {
            Request request = Codec.decodeRequest(received.packet());
            boolean isEnter = request instanceof Request.Enter;
            if (passed.isPresent() && !isEnter && !(request instanceof Request.Open)) {
                throw new WireException("it came with a descriptor");
            }
            if (passed.isPresent() && !isEnter && !bench.sockets.readsAPipe(passed.get())) {
                throw new WireException("its descriptor is not the end of a pipe that is read");
            }
            return request;
        } catch (WireException e) {
            if (passed.isPresent()) {
                passed.get().close();
            }
            throw e;
        }
    }

    private Optional<Turns.Pending> drop(Fd connection, String why) {
        connection.close();
        done.accept(new Served.Dropped("connection dropped: " + why));
        return Optional.empty();
    }

    private Optional<Turns.Pending> takeTurn(Turns.Pending login) {
        return switch (turns.take(login)) {
            case NOW -> Optional.of(login);
            case LATER -> Optional.empty();
            case NEVER -> {
                login.closePassword();
                String why = "too many logins wait for each other";
                login.claim();
                done.accept(
                        send(login, Answer.refused(login.request(), Optional.empty(), Cause.CROWD, why, List.of())));
                yield Optional.empty();
            }
        };
    }

    /** Returns whether this thread answered the login, or gave it up for good. */
    private boolean serveLogin(Turns.Pending login) {
        bench.serves(Optional.of(login));
        try {
            Optional<Served> served = login(login);
            if (served.isPresent()) {
                done.accept(served.get());
            }
            spare.giveBack();
            endIfBroken();
            return served.isPresent();
        } catch (RuntimeException | Error e) {
            abandonAll(login);
            throw e;
        } finally {
            bench.serves(Optional.empty());
        }
    }

    /** Empty if another thread answers the login. */
    private Optional<Served> login(Turns.Pending login) {
        // The client may have given up while its login waited; a view that nobody enters is not built.
        if (login.asking() == Turns.Asking.ANYBODY && bench.sockets.hasEnded(login.connection())) {
            login.claim();
            login.closePassword();
            login.connection().close();
            return Optional.of(
                    new Served.Dropped("connection dropped: pid " + login.leader() + " did not wait for its answer"));
        }
        Optional<Answer> answer = answer(login);
        return answer.isPresent() ? Optional.of(send(login, answer.get())) : Optional.empty();
    }

    /** A bug in jns must refuse this login and harm no other. */
    private Optional<Answer> answer(Turns.Pending login) {
        try {
            return bench.logins.serve(login, policy.get(), spare);
        } catch (RuntimeException | LinkageError e) {
            if (e instanceof LinkageError error) {
                broken = Optional.of(error);
            }
            if (!login.isMine() && !login.claim()) {
                return Optional.empty();
            }
            return Optional.of(Answer.refused(
                    login.request(), Optional.empty(), Cause.INTERNAL, "internal error: " + e, List.of()));
        } finally {
            if (login.isMine()) {
                login.closePassword();
            }
        }
    }

    private Served send(Turns.Pending login, Answer answer) {
        try {
            bench.sockets.send(login.connection(), Codec.encode(answer.reply()), answer.passed());
            answer.close();
        } catch (SyscallException e) {
            answer.close();
            login.connection().close();
            return answer.given().isPresent()
                    ? new Served.Abandoned(answer, e.getMessage())
                    : new Served.Dropped("connection dropped: " + e.getMessage());
        }
        long micros = (System.nanoTime() - login.began()) / 1000;
        boolean granted = answer.given().isPresent();
        if (!granted) {
            login.connection().close();
        }
        return new Served.Login(answer, granted ? Optional.of(login.connection()) : Optional.empty(), micros);
    }

    /** A class that cannot be loaded stays missing. The process ends after this answer, and systemd starts another. */
    private void endIfBroken() {
        if (broken.isPresent()) {
            throw broken.get();
        }
    }

    /** Their modules see the end of the connection, and start {@code jnsd --once}. */
    private void abandonAll(Turns.Pending login) {
        if (login.isMine() || login.claim()) {
            for (Turns.Pending left : turns.abandon(login)) {
                left.closePassword();
                left.connection().close();
            }
        } else {
            turns.leaveToOthers(login);
        }
    }

    @Override
    public void close() {
        spare.close();
    }
}
