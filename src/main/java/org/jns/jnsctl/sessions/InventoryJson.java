// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jns.folders.PrivateFolders.Folder;
import org.jns.folders.PrivateFolders.Size;
import org.jns.jnsctl.output.JsonOutput;
import org.jns.jnsctl.sessions.Inventory.Lived;
import org.jns.jnsctl.sessions.Inventory.Open;
import org.jns.state.Session;
import org.jns.state.View;

/** Writes sessions and views as JSON. Times are seconds since 1970. */
record InventoryJson(JsonGenerator json) {

    void all(Inventory inventory, Map<Long, List<Folder>> folders) throws IOException {
        List<Open> open = new ArrayList<>();
        inventory.views().forEach(lived -> open.addAll(lived.sessions()));
        open.addAll(inventory.strays());
        JsonOutput.objects(json, "sessions", open, this::session);
        JsonOutput.objects(json, "views", inventory.views(), lived -> {
            view(lived, folders.getOrDefault(lived.view().uid(), List.of()));
        });
    }

    private void session(Open open) throws IOException {
        Session session = open.session();
        json.writeStringField("id", session.id());
        json.writeStringField("user", session.user());
        json.writeNumberField("uid", session.uid());
        json.writeStringField("service", session.service());
        json.writeStringField("tty", session.tty());
        json.writeNumberField("since", session.since());
        json.writeNumberField("leader", session.leader().pid());
        json.writeBooleanField("leader_ended", !open.leads());
        json.writeStringField("view", session.view());
    }

    /** Writes into an open object. */
    void view(Lived lived, List<Folder> folders) throws IOException {
        View view = lived.view();
        json.writeStringField("id", view.id());
        json.writeStringField("user", view.user());
        json.writeNumberField("uid", view.uid());
        json.writeNumberField("namespace", view.namespace());
        json.writeNumberField("since", view.since());
        json.writeBooleanField("shared", view.isShared());
        JsonOutput.strings(json, "rules", view.rules());
        JsonOutput.strings(
                json,
                "sessions",
                lived.sessions().stream().map(open -> open.session().id()).toList());
        json.writeArrayFieldStart("processes");
        for (int pid : lived.processes()) {
            json.writeNumber(pid);
        }
        json.writeEndArray();
        JsonOutput.objects(json, "mounts", view.shown(), shown -> {
            json.writeStringField("target", shown.target().value());
            json.writeStringField("action", shown.action());
            json.writeStringField("rule", shown.rule());
            json.writeStringField("place", shown.place());
        });
        json.writeObjectFieldStart("namespaces");
        for (View.Namespace other : view.others()) {
            json.writeNumberField(other.kind().word(), other.inode());
        }
        json.writeEndObject();
        size("private", ListSessions.total(folders));
        JsonOutput.objects(json, "private_folders", folders, this::folder);
    }

    private void folder(Folder folder) throws IOException {
        json.writeStringField("name", folder.name());
        json.writeStringField("session", folder.session());
        json.writeStringField("keep", folder.lifetime().map(Object::toString).orElse(""));
        json.writeNumberField("used", folder.used());
        size("size", folder.size());
    }

    private void size(String name, Size size) throws IOException {
        json.writeNumberField(name + "_bytes", size.bytes());
        json.writeBooleanField(name + "_is_whole", size.isWhole());
    }
}
