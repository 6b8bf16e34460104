// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.output.Human;
import org.jns.jnsctl.output.Table;
import org.jns.jnsctl.sessions.Inventory.Lived;
import org.jns.jnsctl.sessions.Inventory.Open;
import org.jns.model.Printable;

/**
 * The view or namespace of a process.
 *
 * @param lived the view that it is in
 * @param around for a mount namespace that another program has made: the view from which it was started
 */
record ProcessPlace(int pid, String name, long namespace, Kind kind, Optional<Lived> lived, Optional<Lived> around) {

    enum Kind {
        VIEW,
        HOST,
        /** Neither of them: a namespace of a service or a container. */
        OTHER
    }

    /** @throws Host.Failure if that cannot be read */
    static ProcessPlace of(int pid, Inventory inventory, ProcFolder processes) {
        OptionalLong namespace = processes.namespaceOf(pid);
        if (namespace.isEmpty()) {
            String why = processes.exists(pid)
                    ? "it may not be looked at, or has ended; run it as root"
                    : "there is no such process";
            throw new Host.Failure("cannot tell of process " + pid + ": " + why);
        }
        Optional<Lived> lived = inventory.ofNamespace(namespace.getAsLong());
        Kind kind = lived.isPresent() ? Kind.VIEW : namespace.equals(processes.namespaceOf(1)) ? Kind.HOST : Kind.OTHER;
        Optional<Lived> around = kind == Kind.OTHER ? viewAbove(pid, inventory, processes) : Optional.empty();
        return new ProcessPlace(pid, processes.name(pid), namespace.getAsLong(), kind, lived, around);
    }

    /** The view of the nearest ancestor that is in one. */
    private static Optional<Lived> viewAbove(int pid, Inventory inventory, ProcFolder processes) {
        for (OptionalInt above = processes.parent(pid); above.isPresent(); above = processes.parent(above.getAsInt())) {
            OptionalLong namespace = processes.namespaceOf(above.getAsInt());
            Optional<Lived> lived =
                    namespace.isPresent() ? inventory.ofNamespace(namespace.getAsLong()) : Optional.empty();
            if (lived.isPresent()) {
                return lived;
            }
        }
        return Optional.empty();
    }

    /** The view in words. */
    String view() {
        return switch (kind) {
            case VIEW -> viewOf(lived.orElseThrow());
            case HOST -> "the host's own view";
            case OTHER -> "a view that is not of jns";
        };
    }

    private static String viewOf(Lived lived) {
        return "the view of " + Printable.of(lived.view().user()) + " (uid "
                + lived.view().uid() + ")";
    }

    void print(PrintWriter out) {
        out.println("process " + pid + " (" + name + ") is in " + view() + ", namespace " + namespace);
        lived.ifPresent(view -> printSessions(view, out));
        around.ifPresent(view -> out.println("it was started from within " + viewOf(view) + ", namespace "
                + view.view().namespace()));
    }

    private static void printSessions(Lived lived, PrintWriter out) {
        Table table = new Table();
        for (Open open : lived.sessions()) {
            table.row(
                    open.session().id(),
                    "by " + Printable.of(open.session().service()),
                    "since " + Human.time(open.session().since()),
                    "leader " + ListSessions.leader(open));
        }
        out.println(lived.sessions().isEmpty() ? "no session in it is open any more" : "sessions:");
        table.print(out);
        out.println("rules: " + String.join(", ", lived.view().rules()));
    }

    /** Writes into an open object. */
    void write(JsonGenerator json) throws IOException {
        json.writeNumberField("pid", pid);
        json.writeStringField("name", name);
        json.writeNumberField("namespace", namespace);
        json.writeStringField("in", kind.name().toLowerCase(java.util.Locale.ROOT));
        if (lived.isPresent()) {
            json.writeObjectFieldStart("view");
            new InventoryJson(json).view(lived.get(), List.of());
            json.writeEndObject();
        }
        if (around.isPresent()) {
            json.writeStringField("started_in_view", around.get().view().id());
        }
    }
}
