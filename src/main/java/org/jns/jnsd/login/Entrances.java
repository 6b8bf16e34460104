// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.List;
import java.util.Optional;
import org.jns.frontend.RecipeChannel;
import org.jns.frontend.Response;
import org.jns.jnsenter.JnsEnter;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.recipe.Invocation;
import org.jns.state.Session;
import org.jns.state.View;

/**
 * Answers jnsenter when root runs it, on the thread that accepted the connection. This happens before a login's first
 * mount or after the thread's return to the host, so that it may load classes. Belongs to a workbench.
 *
 * <p>Reasons: docs/decisions/61-rights-of-the-sender.md
 */
final class Entrances {
    private final RecipeChannel line;
    private final JnsEnter jnsenter;

    Entrances(Workbench bench, Workbench.Common common) {
        this.line = new RecipeChannel(bench.sys, bench.sockets);
        this.jnsenter = new JnsEnter(bench.sys, common.proc(), bench.names, new Known(bench, common));
    }

    /**
     * Answers the request and closes the connection.
     *
     * @param file the command line
     */
    Served answer(Fd connection, Sockets.Peer peer, Optional<Fd> file) {
        try (connection) {
            if (file.isEmpty()) {
                return new Served.Dropped(
                        "connection dropped: pid " + peer.pid() + " asks to enter without a command line");
            }
            JnsEnter.Answered answered = answer(file.get(), peer);
            line.answer(connection, answered.response());
            return new Served.Entered(peer, answered.view());
        } catch (SyscallException | Invocation.Unreadable e) {
            return new Served.Dropped("connection dropped: pid " + peer.pid() + " asks to enter: " + e.getMessage());
        }
    }

    private JnsEnter.Answered answer(Fd file, Sockets.Peer peer) throws Invocation.Unreadable {
        try (file) {
            return jnsenter.answer(line.read(file), peer.uid());
        } catch (SyscallException e) {
            return new JnsEnter.Answered(new Response.Refuse("cannot enter it: " + e.getMessage()), Optional.empty());
        } catch (RuntimeException e) {
            return new JnsEnter.Answered(new Response.Refuse("internal error: " + e), Optional.empty());
        }
    }

    /** The views that the daemon knows. */
    private record Known(Workbench bench, Workbench.Common common) implements org.jns.jnsenter.ViewLookup {

        @Override
        public List<View> ofUser(String name) {
            bench.ledger.meetUnseenViews();
            return common.views().ofUser(name);
        }

        @Override
        public Optional<View> view(String id) {
            return common.records().viewIds(bench.sys).contains(id)
                    ? common.records().view(bench.sys, id)
                    : Optional.empty();
        }

        @Override
        public List<Session> sessions() {
            return common.records().allSessions(bench.sys);
        }

        @Override
        public Optional<Session> session(String id) {
            return common.records().sessionIds(bench.sys).contains(id)
                    ? common.records().session(bench.sys, id)
                    : Optional.empty();
        }

        @Override
        public Optional<Namespaces> open(View view) {
            return common.pins().openAll(bench.sys, view);
        }
    }
}
