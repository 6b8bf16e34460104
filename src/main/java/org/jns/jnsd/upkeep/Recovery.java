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
 * Finds what other processes have left: the daemon before this one, and daemons for one login. To remove pins it moves
 * its thread to the keeper's namespace and back to the host's.
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
     * Removes unfinished work: drafts, pins without a record and records without a pin.
     *
     * <p>A daemon for one login may run meanwhile. It marks its view before it pins it, and pins it before it writes
     * the record. So the records are read first, then the pins, then the marks: a view that appears in between has a
     * mark.
     *
     * @param isSettled of a time in seconds since 1970: anything younger may belong to a login that is just being
     *     answered
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
        for (String id : records.unseenViews(sys)) {
            if (!isSettled.test(records.unseenSince(sys, id))) {
                strays.remove(id);
            }
        }
        pins.remove(sys, strays);
        for (String id : recorded) {
            if (!pinned.contains(id)) {
                records.view(sys, id).ifPresent(this::endSupportProcesses);
                records.removeView(sys, id);
            }
        }
    }

    /** Without the record, nothing would end them later. */
    private void endSupportProcesses(View view) {
        try (SupportProcesses supportProcesses = new SupportProcesses(sys, List.of(view))) {
            supportProcesses.end(List.of(view));
        }
    }

    /**
     * Adds all recorded views and sessions that are not known yet.
     *
     * @param known whether a session is known already
     * @param isSettled of a time in seconds since 1970: anything younger may belong to a login that is just being
     *     answered
     * @return the recorded sessions that were not known; some may have ended
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
                    // Records are renamed atomically, so this one is not half written.
                    records.removeSession(sys, id);
                } else if (isSettled.test(session.get().since())) {
                    views.enter(session.get().view(), id);
                    sessions.add(session.get());
                }
            }
        }
        return sessions;
    }

    /**
     * Removes the marks of views that are known by now. If the maker of a view was killed, everything that it left is
     * removed.
     */
    void forgetMarks(LongPredicate isSettled) {
        records.removeDrafts(sys, isSettled);
        for (String id : records.unseenViews(sys)) {
            boolean isSettledNow = isSettled.test(records.unseenSince(sys, id));
            if (isSettledNow && !views.knows(id) && records.view(sys, id).isEmpty()) {
                pins.remove(sys, List.of(id));
            }
            if (isSettledNow || views.knows(id)) {
                records.forgetUnseen(sys, id);
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
            // The pinned namespace is not the recorded one: nobody may enter it.
            endSupportProcesses(view.get());
            pins.remove(sys, List.of(id));
            records.removeView(sys, id);
        }
    }
}
