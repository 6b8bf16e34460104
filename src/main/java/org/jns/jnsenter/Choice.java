// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.jnsenter.Getopt.Misuse;
import org.jns.model.Printable;
import org.jns.state.Session;
import org.jns.state.View;

/**
 * Chooses the view to enter. If there is more than one, it lists them and chooses none.
 *
 * <p>Reasons: docs/decisions/62-entering-by-descriptor.md
 */
final class Choice {
    private final ViewLookup views;

    /** There is more than one; the message lists them, a line each. */
    static final class Several extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Several(String message) {
            super(message, null, false, false);
        }
    }

    Choice(ViewLookup views) {
        this.views = views;
    }

    View of(Target target) throws Misuse {
        if (target instanceof Target.User user) {
            return only(user.name());
        }
        if (target instanceof Target.Session wanted) {
            Optional<Session> session = views.session(wanted.id());
            Optional<View> view = session.isEmpty()
                    ? Optional.empty()
                    : views.view(session.get().view());
            return view.orElseThrow(() -> new Misuse("cannot enter session " + wanted.id()
                    + ": there is none, or it has no view any more; look at: jnsctl list"));
        }
        String id = ((Target.View) target).id();
        return views.view(id)
                .orElseThrow(() -> new Misuse("cannot enter view " + id + ": there is none; look at: jnsctl list"));
    }

    private View only(String user) throws Misuse {
        List<View> all = views.ofUser(user);
        if (all.isEmpty()) {
            throw new Misuse("cannot enter the view of " + user + ": there is none; look at: jnsctl list");
        }
        if (all.size() > 1) {
            throw new Several(list(user, all, views.sessions()));
        }
        return all.get(0);
    }

    static String list(String user, List<View> all, List<Session> sessions) {
        StringBuilder text = new StringBuilder();
        text.append("cannot choose a view of ")
                .append(Printable.of(user))
                .append(": there are ")
                .append(all.size())
                .append("; name one of\n");
        for (View view : all) {
            List<String> ofView = new ArrayList<>();
            for (Session session : sessions) {
                if (session.view().equals(view.id())) {
                    String tty = session.tty().isEmpty() ? "" : " on " + Printable.of(session.tty());
                    ofView.add("session:" + session.id() + "  by " + Printable.of(session.service()) + tty);
                }
            }
            ofView.sort(null);
            if (ofView.isEmpty()) {
                ofView.add("view:" + view.id() + "  no session is in it");
            }
            for (String line : ofView) {
                text.append("  ").append(line).append('\n');
            }
        }
        return text.toString();
    }
}
