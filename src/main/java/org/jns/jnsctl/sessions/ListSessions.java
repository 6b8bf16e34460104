// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jns.config.Settings;
import org.jns.folders.PrivateFolders.Folder;
import org.jns.folders.PrivateFolders.Size;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.output.Human;
import org.jns.jnsctl.output.JsonCommand;
import org.jns.jnsctl.output.JsonOutput;
import org.jns.jnsctl.output.Table;
import org.jns.jnsctl.sessions.Inventory.Lived;
import org.jns.jnsctl.sessions.Inventory.Open;
import org.jns.model.Printable;
import org.jns.state.Session;
import org.jns.state.View;
import picocli.CommandLine.Command;

/** Prints one line for each session, with its view. */
@Command(name = "list", description = "Lists the sessions that are open, and the views that they are in. Needs root.")
public final class ListSessions extends JsonCommand {
    private static final String NONE = "-";

    @Override
    public Integer call() throws IOException {
        Host host = new Host();
        Settings settings = host.settings();
        Inventory inventory = Inventory.take(host, settings);
        Map<Long, List<Folder>> folders = inventory.privateFolders(host, settings);
        PrintWriter out = out();
        if (json) {
            JsonOutput.print(out, generator -> new InventoryJson(generator).all(inventory, folders));
        } else {
            print(inventory, folders, out);
        }
        return 0;
    }

    static void print(Inventory inventory, Map<Long, List<Folder>> folders, PrintWriter out) {
        if (inventory.views().isEmpty() && inventory.strays().isEmpty()) {
            out.println("no sessions");
            out.flush();
            return;
        }
        Table table = new Table();
        table.row("user", "session", "service", "tty", "since", "leader", "view", "processes", "mounts", "private");
        for (Lived lived : inventory.views()) {
            String[] view = {
                namespaces(lived.view()),
                Integer.toString(lived.processes().size()),
                Integer.toString(lived.view().shown().size()),
                Human.size(total(folders.getOrDefault(lived.view().uid(), List.of())))
            };
            if (lived.sessions().isEmpty()) {
                row(
                        table,
                        lived.view().user(),
                        NONE,
                        NONE,
                        NONE,
                        Human.time(lived.view().since()),
                        NONE,
                        view);
            }
            for (Open open : lived.sessions()) {
                row(table, open, view);
            }
        }
        for (Open open : inventory.strays()) {
            row(table, open, new String[] {NONE, NONE, NONE, NONE});
        }
        table.print(out);
        out.println(Human.count(inventory.sessions(), "session") + " in "
                + Human.count(inventory.views().size(), "view"));
        out.flush();
    }

    /** The mount namespace, which identifies the view; and its other namespaces. */
    private static String namespaces(View view) {
        StringBuilder text = new StringBuilder().append(view.namespace());
        for (int i = 0; i < view.others().size(); i++) {
            text.append(i == 0 ? "+" : ",").append(view.others().get(i).kind().word());
        }
        return text.toString();
    }

    private static void row(Table table, Open open, String[] view) {
        Session session = open.session();
        row(
                table,
                session.user(),
                session.id(),
                Printable.of(session.service()),
                session.tty().isEmpty() ? NONE : Printable.of(session.tty()),
                Human.time(session.since()),
                leader(open),
                view);
    }

    static String leader(Open open) {
        int pid = open.session().leader().pid();
        return pid <= 0 ? NONE : pid + (open.leads() ? "" : " (ended)");
    }

    private static void row(
            Table table,
            String user,
            String session,
            String service,
            String tty,
            String since,
            String leader,
            String[] view) {
        table.row(Printable.of(user), session, service, tty, since, leader, view[0], view[1], view[2], view[3]);
    }

    static Size total(List<Folder> folders) {
        return folders.stream().map(Folder::size).reduce(Size.NONE, Size::plus);
    }
}
