// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.views;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jns.linux.Namespaces;
import org.jns.state.View;

/**
 * The views that the resident daemon knows of. Thread-safe; each call is short and makes no system call except
 * close(2).
 */
public final class ResidentViews implements JoinableViews {
    /** Longer than any module waits for its answer. */
    private static final long MET_NS = 30_000_000_000L;

    private final Map<String, Entry> byId = new HashMap<>();
    /** The newest view of each key: an older one may be found later, made by a daemon for one login. */
    private final Map<String, Entry> byKey = new HashMap<>();

    private final Map<Long, View> byNamespace = new HashMap<>();
    /** How many views have more namespaces than their mounts. */
    private int withOthers;

    private static final class Entry {
        final View view;
        /** Present as long as sessions may join. */
        final Optional<Namespaces> namespaces;

        final Set<String> sessions = new HashSet<>();
        boolean isDamaged;
        long changed = System.nanoTime();

        Entry(View view, Optional<Namespaces> namespaces) {
            this.view = view;
            this.namespaces = namespaces;
        }

        void touch() {
            long now = System.nanoTime();
            changed = changed - now > 0 ? changed : now;
        }
    }

    @Override
    public synchronized Optional<JoinedView> join(long uid, String key, String session) {
        Entry entry = byKey.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        entry.sessions.add(session);
        return Optional.of(new JoinedView(entry.view, entry.namespaces.orElseThrow()));
    }

    @Override
    public synchronized void add(View view, Namespaces namespaces, String session) {
        Entry entry = put(view, namespaces);
        entry.sessions.add(session);
    }

    private Entry put(View view, Namespaces namespaces) {
        Entry entry = new Entry(view, view.isShared() ? Optional.of(namespaces) : Optional.empty());
        byId.put(view.id(), entry);
        byNamespace.put(view.namespace(), view);
        withOthers += view.others().isEmpty() ? 0 : 1;
        if (view.isShared()) {
            byKey.put(view.key(), entry);
        }
        return entry;
    }

    /** The view stays for a moment: its session becomes known later, and its first process may still be on its way. */
    @Override
    public synchronized void meet(View view, Namespaces namespaces) {
        boolean known = byId.containsKey(view.id());
        adopt(view, namespaces);
        if (!known) {
            Objects.requireNonNull(byId.get(view.id())).changed = System.nanoTime() + MET_NS;
        }
    }

    /** Adds a view that another process made some time ago; does nothing if it is known. */
    public synchronized void adopt(View view, Namespaces namespaces) {
        boolean known = byId.containsKey(view.id());
        if (!known) {
            put(view, namespaces);
        }
        if (known || !view.isShared()) {
            namespaces.close();
        }
    }

    /** Adds a session that another process has let into a view; does nothing if the view is not known. */
    public synchronized void enter(String view, String session) {
        Entry entry = byId.get(view);
        if (entry != null) {
            entry.sessions.add(session);
        }
    }

    @Override
    public synchronized void excludeDamaged(JoinedView shared, String session) {
        leave(shared.view().id(), session);
        Entry damaged = byId.get(shared.view().id());
        if (damaged == null) {
            return;
        }
        damaged.isDamaged = true;
        String key = damaged.view.key();
        if (byKey.remove(key, damaged)) {
            for (Entry other : byId.values()) {
                if (!other.isDamaged && other.view.key().equals(key)) {
                    byKey.put(key, other);
                }
            }
        }
    }

    @Override
    public synchronized void leave(String view, String session) {
        Entry entry = byId.get(view);
        if (entry != null && entry.sessions.remove(session)) {
            entry.touch();
        }
    }

    @Override
    public synchronized Optional<View> of(long namespace) {
        return Optional.ofNullable(byNamespace.get(namespace));
    }

    @Override
    public boolean isResident() {
        return true;
    }

    @Override
    public synchronized boolean mayHaveOthers() {
        return withOthers > 0;
    }

    @Override
    public synchronized boolean knows(String id) {
        return byId.containsKey(id);
    }

    /** The user's views, which stay for a moment: somebody is about to enter one. */
    @Override
    public List<View> ofUser(String name) {
        return touched(view -> view.user().equals(name));
    }

    public List<View> ofUser(long uid) {
        return touched(view -> view.uid() == uid);
    }

    private synchronized List<View> touched(Predicate<View> wanted) {
        List<View> views = new ArrayList<>();
        for (Entry entry : byId.values()) {
            if (wanted.test(entry.view)) {
                entry.touch();
                views.add(entry.view);
            }
        }
        return views;
    }

    /** The inodes of the mount namespaces of all other users' views. */
    public synchronized Set<Long> ofOthers(Set<Long> users) {
        Set<Long> others = new HashSet<>();
        byNamespace.forEach((namespace, view) -> {
            if (!users.contains(view.uid())) {
                others.add(namespace);
            }
        });
        return others;
    }

    /** The views without a session. */
    public synchronized List<View> idle() {
        List<View> idle = new ArrayList<>();
        for (Entry entry : byId.values()) {
            if (entry.sessions.isEmpty()) {
                idle.add(entry.view);
            }
        }
        return idle;
    }

    /**
     * Forgets a view, so that no session joins it any more, unless one has joined since.
     *
     * @param since when it was seen to be unused, in {@link System#nanoTime}
     * @return whether it is forgotten
     */
    public synchronized boolean retire(String id, long since) {
        Entry entry = byId.get(id);
        if (entry == null || !entry.sessions.isEmpty() || entry.changed - since > 0) {
            return false;
        }
        byId.remove(id);
        byNamespace.remove(entry.view.namespace());
        withOthers -= entry.view.others().isEmpty() ? 0 : 1;
        if (entry.view.isShared()) {
            byKey.remove(entry.view.key(), entry);
        }
        entry.namespaces.ifPresent(Namespaces::close);
        return true;
    }

    /** Forgets all views and returns their ids. */
    public synchronized List<String> forgetAll() {
        List<String> ids = new ArrayList<>(byId.keySet());
        byId.values().forEach(entry -> entry.namespaces.ifPresent(Namespaces::close));
        byId.clear();
        byKey.clear();
        byNamespace.clear();
        withOthers = 0;
        return ids;
    }

    /** The uid of each view's user. */
    public synchronized Map<String, Long> users() {
        Map<String, Long> users = new HashMap<>();
        byId.forEach((id, entry) -> users.put(id, entry.view.uid()));
        return users;
    }

    public synchronized int count() {
        return byId.size();
    }
}
