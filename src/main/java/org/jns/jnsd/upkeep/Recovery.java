// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jns.jnsd.views.ResidentViews;
import org.jns.linux.Namespaces;
import org.jns.linux.Syscalls;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.Session;
import org.jns.state.View;

/**
 * Finds again what other helpers have left: the daemon before this one, and helpers for one login. What it unpins moves its thread to the
 * keeper's namespace and back to the host's.
 */
public final class Recovery {
    private final Syscalls sys;
    private final Records records;
    private final Pins pins;
    private final ResidentViews views;

    public Recovery(Syscalls sys, Records records, Pins pins, ResidentViews views) {
        this.sys = sys;
        this.records = records;
        this.pins = pins;
        this.views = views;
    }

    /**
     * Removes what was not finished: drafts, pins without a record and records without a pin.
     *
     * <p>A helper for one login may be at work meanwhile. It marks its view before it pins it, and pins it before it writes it down. So the records
     * are read first, then the pins, then the marks: a view that comes in between has a mark.
     *
     * @param isSettled of a time in seconds since 1970: what is younger may be of a login that is just being answered
     */
    public void tidy(LongPredicate isSettled) {
        records.removeDrafts(sys, isSettled);
        Set<String> recorded = new HashSet<>(records.viewIds(sys));
        Set<String> pinned = new HashSet<>(pins.all(sys));
        Set<String> strays = new HashSet<>(pinned);
        strays.addAll(pins.allWithMemory(sys));
        for (String id : recorded) {
            if (pinned.contains(id)) {
                strays.remove(id);
            }
        }
        for (String id : records.announced(sys)) {
            if (!isSettled.test(records.announced(sys, id))) {
                strays.remove(id);
            }
        }
        pins.remove(sys, strays);
        for (String id : recorded) {
            if (!pinned.contains(id)) {
                records.view(sys, id).ifPresent(this::endAttendants);
                records.removeView(sys, id);
            }
        }
    }

    /** Nobody would know of them any more. */
    private void endAttendants(View view) {
        try (Attendants attendants = new Attendants(sys, List.of(view))) {
            attendants.end(List.of(view));
        }
    }

    /**
     * Makes all views known that are written down and were not known.
     *
     * @param known whether a session is known already
     * @param isSettled of a time in seconds since 1970: what is younger may be of a login that is just being answered
     * @return the sessions that are written down and were not known; some may have ended
     */
    public List<Session> adopt(Predicate<String> known, LongPredicate isSettled) {
        for (String id : records.viewIds(sys)) {
            if (!views.knows(id)) {
                adoptView(id, isSettled);
            }
        }
        List<Session> sessions = new ArrayList<>();
        for (String id : records.sessionIds(sys)) {
            if (!known.test(id)) {
                Optional<Session> session = records.session(sys, id);
                if (session.isEmpty()) {
                    // No record of ours is ever half written.
                    records.removeSession(sys, id);
                } else if (isSettled.test(session.get().since())) {
                    views.enter(session.get().view(), id);
                    sessions.add(session.get());
                }
            }
        }
        return sessions;
    }

    /** Takes away the marks of views that are known by now. Of those whose maker was killed, all that it left goes. */
    void forgetMarks(LongPredicate isSettled) {
        records.removeDrafts(sys, isSettled);
        for (String id : records.announced(sys)) {
            boolean isSettledNow = isSettled.test(records.announced(sys, id));
            if (isSettledNow && !views.knows(id) && records.view(sys, id).isEmpty()) {
                pins.remove(sys, List.of(id));
            }
            if (isSettledNow || views.knows(id)) {
                records.forgetAnnounced(sys, id);
            }
        }
    }

    private void adoptView(String id, LongPredicate isSettled) {
        Optional<View> view = records.view(sys, id).filter(written -> isSettled.test(written.since()));
        Optional<Namespaces> namespaces = view.isPresent() ? pins.openAll(sys, view.get()) : Optional.empty();
        if (namespaces.isPresent()) {
            views.adopt(view.get(), namespaces.get());
            return;
        }
        if (view.isPresent()) {
            // What is pinned is not what was written down: nobody may enter it.
            endAttendants(view.get());
            pins.remove(sys, List.of(id));
            records.removeView(sys, id);
        }
    }
}
