// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jns.folders.PrivateFolders.Folder;
import org.jns.folders.PrivateFolders.Size;
import org.jns.jnsctl.sessions.Inventory.Lived;
import org.jns.jnsctl.sessions.Inventory.Open;
import org.jns.state.Session;
import org.jns.state.View;

/** Writes sessions and views as JSON. Times are seconds since 1970. */
record InventoryJson(JsonGenerator json) {

    void all(Inventory inventory, Map<Long, List<Folder>> folders) throws IOException {
        json.writeArrayFieldStart("sessions");
        for (Lived lived : inventory.views()) {
            for (Open open : lived.sessions()) {
                session(open);
            }
        }
        for (Open open : inventory.strays()) {
            session(open);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("views");
        for (Lived lived : inventory.views()) {
            json.writeStartObject();
            view(lived, folders.getOrDefault(lived.view().uid(), List.of()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    void session(Open open) throws IOException {
        Session session = open.session();
        json.writeStartObject();
        json.writeStringField("id", session.id());
        json.writeStringField("user", session.user());
        json.writeNumberField("uid", session.uid());
        json.writeStringField("service", session.service());
        json.writeStringField("tty", session.tty());
        json.writeNumberField("since", session.since());
        json.writeNumberField("leader", session.leader().pid());
        json.writeBooleanField("leader_ended", !open.leads());
        json.writeStringField("view", session.view());
        json.writeEndObject();
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
        strings("rules", view.rules());
        strings(
                "sessions",
                lived.sessions().stream().map(open -> open.session().id()).toList());
        json.writeArrayFieldStart("processes");
        for (int pid : lived.processes()) {
            json.writeNumber(pid);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("mounts");
        for (View.Shown shown : view.shown()) {
            json.writeStartObject();
            json.writeStringField("target", shown.target().value());
            json.writeStringField("action", shown.action());
            json.writeStringField("rule", shown.rule());
            json.writeStringField("place", shown.place());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("namespaces");
        for (View.Namespace other : view.others()) {
            json.writeNumberField(other.kind().word(), other.inode());
        }
        json.writeEndObject();
        size("private", ListSessions.total(folders));
        json.writeArrayFieldStart("private_folders");
        for (Folder folder : folders) {
            folder(folder);
        }
        json.writeEndArray();
    }

    private void folder(Folder folder) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", folder.name());
        json.writeStringField("session", folder.session());
        json.writeStringField("keep", folder.lifetime().map(Object::toString).orElse(""));
        json.writeNumberField("used", folder.used());
        size("size", folder.size());
        json.writeEndObject();
    }

    private void size(String name, Size size) throws IOException {
        json.writeNumberField(name + "_bytes", size.bytes());
        json.writeBooleanField(name + "_is_whole", size.isWhole());
    }

    private void strings(String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
