// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jns.config.Settings;
import org.jns.folders.PrivateFolders.Folder;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.output.Human;
import org.jns.jnsctl.output.JsonCommand;
import org.jns.jnsctl.output.JsonOutput;
import org.jns.jnsctl.output.Table;
import org.jns.jnsctl.sessions.Inventory.Lived;
import org.jns.jnsctl.sessions.Inventory.Open;
import org.jns.model.Lifetime;
import org.jns.model.Printable;
import org.jns.state.Session;
import org.jns.state.View;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints everything that is known about some views. */
@Command(
        name = "show",
        description =
                "Shows the views of a user, or the one that a session is in: sessions, mounts and their rules, processes, private folders. Needs root.")
public final class Show extends JsonCommand {
    @Parameters(paramLabel = "USER|SESSION", description = "whose views, or the session's number")
    private String which;

    @Override
    public Integer call() throws IOException {
        Host host = new Host();
        Settings settings = host.settings();
        Inventory inventory = Inventory.take(host, settings).of(which);
        if (inventory.views().isEmpty() && inventory.strays().isEmpty()) {
            throw new Host.Failure("cannot show " + Printable.of(which)
                    + ": there is no such session, and no view of such a user; look at: jnsctl list");
        }
        Map<Long, List<Folder>> folders = inventory.privateFolders(host, settings);
        PrintWriter out = out();
        if (json) {
            JsonOutput.print(out, generator -> new InventoryJson(generator).all(inventory, folders));
        } else {
            ProcFolder processes = new ProcFolder();
            for (Lived lived : inventory.views()) {
                print(lived, processes, out);
            }
            folders.forEach((uid, of) -> print("private folders of uid " + uid, kept(of), of.size(), out));
            for (Open open : inventory.strays()) {
                out.println("session " + open.session().id() + " of "
                        + Printable.of(open.session().user()) + ": its view is gone");
            }
            out.flush();
        }
        return 0;
    }

    private static void print(Lived lived, ProcFolder processes, PrintWriter out) {
        View view = lived.view();
        out.println("view " + view.namespace() + " of " + Printable.of(view.user()) + " (uid " + view.uid()
                + "), since " + Human.time(view.since()) + (view.isShared() ? "" : ", for one session alone"));
        out.println("rules: " + String.join(", ", view.rules()));
        Table sessions = new Table();
        for (Open open : lived.sessions()) {
            Session session = open.session();
            sessions.row(
                    session.id(),
                    "by " + Printable.of(session.service()),
                    session.tty().isEmpty() ? "without a terminal" : "on " + Printable.of(session.tty()),
                    "since " + Human.time(session.since()),
                    "leader " + ListSessions.leader(open));
        }
        print("sessions", sessions, lived.sessions().size(), out);
        Table mounts = new Table();
        view.shown()
                .forEach(shown ->
                        mounts.row(shown.action(), shown.target().value(), "[" + shown.rule() + "] " + shown.place()));
        print("mounts", mounts, view.shown().size(), out);
        Table others = new Table();
        view.others().forEach(other -> others.row(other.kind().word(), Long.toString(other.inode())));
        if (!view.others().isEmpty()) {
            print("namespaces", others, view.others().size(), out);
        }
        Table pids = new Table();
        lived.processes().forEach(pid -> pids.row(Integer.toString(pid), processes.name(pid)));
        print("processes", pids, lived.processes().size(), out);
    }

    private static Table kept(List<Folder> folders) {
        Table table = new Table();
        for (Folder folder : folders) {
            String used = folder.used() == 0 ? "" : "used " + Human.time(folder.used());
            table.row(
                    Printable.of(folder.name()),
                    Human.size(folder.size()),
                    folder.lifetime().map(Show::words).orElse("what is noted cannot be read"),
                    used);
        }
        return table;
    }

    private static String words(Lifetime lifetime) {
        return switch (lifetime.kind()) {
            case FOREVER -> "kept for ever";
            case BOOT -> "kept until the next boot";
            case LOGOUT -> "kept until logout";
            case SESSION -> "kept until its session ends";
            case UNUSED -> "kept for " + lifetime + " after its last use";
        };
    }

    private static void print(String heading, Table table, int rows, PrintWriter out) {
        out.println(rows == 0 ? "no " + heading : heading + ":");
        table.print(out);
    }
}
