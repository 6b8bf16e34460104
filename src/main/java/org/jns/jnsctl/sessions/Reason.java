// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jns.jnsctl.sessions.MountTable.Entry;
import org.jns.model.AbsPath;
import org.jns.state.View;

/**
 * The reason for what a path shows.
 *
 * @param path resolved
 * @param shown the view's mount that contains it; empty: no rule is involved
 * @param mount that shows it, according to the kernel
 */
record Reason(AbsPath path, Optional<View.Shown> shown, Entry mount) {

    /** @param shown the view's mounts, in order: of two at one place the later covers the earlier */
    static Reason of(AbsPath path, List<View.Shown> shown, Entry mount) {
        Optional<View.Shown> longest = Optional.empty();
        for (View.Shown one : shown) {
            boolean shows = path.isAtOrBelow(one.target());
            if (shows
                    && (longest.isEmpty()
                            || one.target().isAtOrBelow(longest.get().target()))) {
                longest = Optional.of(one);
            }
        }
        return new Reason(path, longest, mount);
    }

    /** @param without the words if no rule is involved */
    String words(String without) {
        return shown.map(one -> one.action() + " on " + one.target() + ", by rule [" + one.rule() + "] " + one.place())
                .orElse(without + ", mount " + mount.point() + " (" + described() + ")");
    }

    /** What came with the rule's mount, or was mounted there since; empty for nothing. */
    String since() {
        if (shown.isEmpty() || mount.point().equals(shown.get().target())) {
            return "";
        }
        return mount.point().isBelow(shown.get().target())
                ? "a mount on " + mount.point() + " covers it (" + described()
                        + "): it came along with what the rule shows, or was made since"
                : "somebody has taken that mount away since";
    }

    private String described() {
        return mount.type()
                + (mount.source().equals(mount.type()) || mount.source().equals("none") ? "" : " " + mount.source());
    }

    /** Writes into an open object. */
    void write(JsonGenerator json) throws IOException {
        json.writeStringField("path", path.value());
        if (shown.isPresent()) {
            json.writeStringField("action", shown.get().action());
            json.writeStringField("target", shown.get().target().value());
            json.writeStringField("rule", shown.get().rule());
            json.writeStringField("place", shown.get().place());
        }
        json.writeStringField("mount", mount.point().value());
        json.writeStringField("type", mount.type());
        json.writeStringField("source", mount.source());
        json.writeStringField("but", since());
    }
}
