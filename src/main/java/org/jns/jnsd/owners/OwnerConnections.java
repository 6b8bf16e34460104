// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.owners;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.jnsd.login.Owner;
import org.jns.jnsd.login.Served;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.Poller;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.state.Pins;
import org.jns.state.View;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.jns.wire.WireException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * Answers users other than root, who connect through jns-join: their other programs cannot reach the socket. No thread
 * waits for them: a client that says nothing for two seconds is disconnected, and so is a new client of a user with
 * several waiting ones. Belongs to the main thread.
 */
public final class OwnerConnections {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerConnections.class);

    private static final int MOST = 64;
    private static final int MOST_OF_USER = 4;
    private static final long PATIENCE_NS = 2_000_000_000L;

    private final Syscalls sys;
    private final Pins pins;
    private final Poller poller;
    private final Reception reception;
    private final CommandViews commandViews;
    private final Sockets sockets = new Sockets();
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private final LinesOfUsers lines = new LinesOfUsers(System::nanoTime);
    private long nextToken = -1;

    /** @param owner counted for the limit of waiting clients */
    private record Waiting(Served.OwnerConnection ownerConnection, Owner owner, long since) {}

    public OwnerConnections(Syscalls sys, Pins pins, Poller poller, Reception reception, CommandViews commandViews) {
        this.sys = sys;
        this.pins = pins;
        this.poller = poller;
        this.reception = reception;
        this.commandViews = commandViews;
    }

    public static boolean isOwnerConnection(long token) {
        return token < 0;
    }

    public void receive(Served.OwnerConnection ownerConnection) {
        Owner owner = owner(ownerConnection.peer());
        if (waiting.size() >= MOST || owner.shares().stream().anyMatch(share -> waitingOf(share) >= MOST_OF_USER)) {
            sendAway(ownerConnection.connection());
            return;
        }
        waiting.put(nextToken, new Waiting(ownerConnection, owner, System.nanoTime()));
        poller.watch(ownerConnection.connection(), nextToken);
        nextToken--;
    }

    private long waitingOf(Long share) {
        return waiting.values().stream()
                .filter(one -> one.owner().shares().contains(share))
                .count();
    }

    private Owner owner(Sockets.Peer peer) {
        return new Owner(peer.uid(), sys.loginUid(peer.pid()).orElse(peer.uid()));
    }

    /**
     * Reads the request first: if the connection is closed with unread data, the other side would see the reset before
     * the answer, unix(7).
     */
    private void sendAway(Fd connection) {
        try (connection) {
            sockets.receive(connection, Codec.MAX_PACKET, 0);
            sockets.send(
                    connection,
                    Codec.encode(new Reply.Refused("too many ask at once; try again in a moment")),
                    Optional.empty());
        } catch (SyscallException e) {
            // The client has gone.
            return;
        }
    }

    /** The poller forgets a closed descriptor, epoll(7). */
    public void ready(long token) {
        Waiting one = waiting.remove(token);
        if (one == null) {
            return;
        }
        Sockets.Peer peer = one.ownerConnection().peer();
        Owner owner = one.owner();
        Fd connection = one.ownerConnection().connection();
        try {
            Request.Join join = receive(connection);
            if (join.kind().equals(Request.Join.RULE)) {
                // The connection stays open while the view is made, and further data on it is ignored.
                poller.forget(connection);
                commandViews.begin(connection, peer, owner, join.name());
                return;
            }
            answer(connection, peer, owner, join);
        } catch (SyscallException | WireException e) {
            drop(peer, owner, e.getMessage());
        }
        connection.close();
    }

    private Request.Join receive(Fd connection) throws WireException {
        byte[] packet = sockets.receive(connection, Codec.MAX_PACKET, 0)
                .orElseThrow(() -> new WireException("it asks nothing"));
        if (Codec.decodeRequest(packet) instanceof Request.Join join) {
            return join;
        }
        throw new WireException("only root may ask for this");
    }

    private void answer(Fd connection, Sockets.Peer peer, Owner owner, Request.Join join) {
        Reception.Decision verdict = reception.decide(join, peer.uid());
        if (verdict.view().isEmpty()) {
            refuse(connection, peer, owner, verdict.why());
            return;
        }
        View view = verdict.view().get();
        Optional<Namespaces> namespaces = pins.openAll(sys, view);
        if (namespaces.isEmpty()) {
            refuse(connection, peer, owner, "the pin of your view is gone; log in again");
            return;
        }
        try (Namespaces all = namespaces.get()) {
            sockets.send(connection, Codec.encode(new Reply.Joined("")), all.all());
        }
        log(LOG.atInfo(), owner)
                .addKeyValue("EVENT", "entered")
                .addKeyValue("USER", view.user())
                .addKeyValue("UID", view.uid())
                .addKeyValue("VIEW", view.id())
                .log("{}: pid {} enters view {} from outside", view.user(), peer.pid(), view.id());
    }

    public void log(Served.CommandView commandView) {
        if (!commandView.why().isEmpty()) {
            refused(commandView.peer(), commandView.owner(), commandView.why());
            return;
        }
        log(LOG.atInfo(), commandView.owner())
                .addKeyValue("EVENT", "entered")
                .addKeyValue("UID", commandView.peer().uid())
                .addKeyValue("RULES", commandView.rule())
                .log(
                        "uid {}: pid {} enters a view of its own, of rule {}",
                        commandView.peer().uid(),
                        commandView.peer().pid(),
                        commandView.rule());
    }

    private void refuse(Fd connection, Sockets.Peer peer, Owner owner, String why) {
        sockets.send(connection, Codec.encode(new Reply.Refused(why)), Optional.empty());
        refused(peer, owner, why);
    }

    private void refused(Sockets.Peer peer, Owner owner, String why) {
        log(LOG.atWarn(), owner)
                .addKeyValue("EVENT", "not-entered")
                .addKeyValue("UID", peer.uid())
                .addKeyValue("REASON", why)
                .log("uid {}: pid {} may not enter a view: {}", peer.uid(), peer.pid(), why);
    }

    /** Skips the line if the user has caused too many. */
    private LoggingEventBuilder log(LoggingEventBuilder line, Owner owner) {
        return lines.hasRoom(owner) ? line : NOPLoggingEventBuilder.singleton();
    }

    private void drop(Sockets.Peer peer, Owner owner, String why) {
        log(LOG.atWarn(), owner)
                .addKeyValue("EVENT", "dropped")
                .addKeyValue("REASON", why)
                .log("connection dropped: pid {} of uid {}: {}", peer.pid(), peer.uid(), why);
    }

    /** How long the main thread may wait, in milliseconds. */
    public int waitAtMost(int milliseconds) {
        int most = commandViews.waitAtMost(milliseconds);
        return waiting.isEmpty() ? most : Math.min(most, (int) (PATIENCE_NS / 1_000_000));
    }

    public void passTime() {
        commandViews.passTime();
        long now = System.nanoTime();
        for (Map.Entry<Long, Waiting> entry : List.copyOf(waiting.entrySet())) {
            if (now - entry.getValue().since() > PATIENCE_NS) {
                waiting.remove(entry.getKey());
                entry.getValue().ownerConnection().connection().close();
                drop(entry.getValue().ownerConnection().peer(), entry.getValue().owner(), "it asks nothing");
            }
        }
    }
}
