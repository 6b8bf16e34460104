// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.owners;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jns.config.Policy;
import org.jns.jnsd.upkeep.Sessions;
import org.jns.jnsd.views.ResidentViews;
import org.jns.model.RuleSet;
import org.jns.state.Session;
import org.jns.state.View;
import org.jns.wire.Request;

/**
 * Decides whether a user may enter a view from outside: the view must belong to that user, and the rules in force must
 * now admit its user. The kernel tells who asks; the request only chooses among the user's own views.
 *
 * <p>Reasons: docs/decisions/27-entering-from-outside.md
 */
public final class Reception {
    private static final int MOST_LISTED = 8;

    private final ResidentViews views;
    private final Sessions sessions;
    private final Supplier<Policy> policy;

    /** The view to enter, or the reason for refusing. */
    record Decision(Optional<View> view, String why) {
        private static Decision refused(String why) {
            return new Decision(Optional.empty(), why);
        }
    }

    public Reception(ResidentViews views, Sessions sessions, Supplier<Policy> policy) {
        this.views = views;
        this.sessions = sessions;
        this.policy = policy;
    }

    Decision decide(Request.Join join, long uid) {
        return decide(join, views.ofUser(uid), sessions.ofUser(uid), policy.get());
    }

    /**
     * @param views all views of the asking user
     * @param sessions all sessions of that user
     */
    static Decision decide(Request.Join join, List<View> views, List<Session> sessions, Policy policy) {
        return switch (join.kind()) {
            case Request.Join.VIEW -> only(views, sessions, policy);
            case Request.Join.SESSION -> ofSession(join.name(), views, sessions, policy);
            default -> Decision.refused("it is not known how to join '" + join.kind() + "'");
        };
    }

    private static Decision only(List<View> views, List<Session> sessions, Policy policy) {
        List<View> open = views.stream().filter(view -> isOpen(view, policy)).toList();
        if (open.size() == 1) {
            return new Decision(Optional.of(open.get(0)), "");
        }
        if (views.isEmpty()) {
            return Decision.refused("you have no view; a login makes one, if a rule is for you");
        }
        return Decision.refused(
                open.isEmpty()
                        ? closed("your view")
                        : "you have " + open.size() + " views; name a session of one: " + list(open, sessions));
    }

    private static Decision ofSession(String id, List<View> views, List<Session> sessions, Policy policy) {
        Optional<Session> session =
                sessions.stream().filter(one -> one.id().equals(id)).findFirst();
        Optional<View> view = session.flatMap(one ->
                views.stream().filter(each -> each.id().equals(one.view())).findFirst());
        if (view.isEmpty()) {
            return Decision.refused("no session " + id + " of yours is open");
        }
        return isOpen(view.get(), policy)
                ? new Decision(view, "")
                : Decision.refused(closed("the view of session " + id));
    }

    private static String closed(String what) {
        return what
                + " is not to be entered from outside; ask your administrator for 'enter = owner' in the rules that make it";
    }

    private static boolean isOpen(View view, Policy policy) {
        RuleSet rules = policy.rules().orElse(RuleSet.EMPTY);
        return rules.letsOwnerIn(view.rules(), policy.admission().entrance());
    }

    private static String list(List<View> views, List<Session> sessions) {
        List<String> open = sessions.stream()
                .filter(session -> views.stream().anyMatch(view -> view.id().equals(session.view())))
                .map(session -> "session:" + session.id() + " (" + session.service()
                        + (session.tty().isEmpty() ? "" : ", " + session.tty()) + ")")
                .toList();
        String shown = String.join(", ", open.subList(0, Math.min(open.size(), MOST_LISTED)));
        return open.size() > MOST_LISTED ? shown + " and " + (open.size() - MOST_LISTED) + " more" : shown;
    }
}
