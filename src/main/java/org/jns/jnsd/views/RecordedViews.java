// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.views;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.Nullable;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.StateFile;
import org.jns.state.View;

/**
 * The views according to their records: the daemon for one login uses this, because it ends with that login.
 *
 * <p>Reasons: docs/decisions/31-locks-have-deadlines.md
 */
public final class RecordedViews implements JoinableViews {
    private static final String LOCK = "login-";

    private final Syscalls sys;
    private final Records records;
    private final Pins pins;
    private final AbsPath state;
    private final Fd hostNamespace;
    /** Held until the process ends: a process that waits for it then finds what this login has made. */
    private @Nullable Fd lock;

    private final List<String> damaged = new ArrayList<>();

    public RecordedViews(Syscalls sys, Records records, Pins pins, AbsPath state, Fd hostNamespace) {
        this.sys = sys;
        this.records = records;
        this.pins = pins;
        this.state = state;
        this.hostNamespace = hostNamespace;
    }

    /** Takes a lock, so that one daemon at a time looks for a user's view, and makes it if it is missing. */
    @Override
    public Optional<JoinedView> join(long uid, String key, String session) {
        lock(uid);
        String ofUser = uid + ".";
        for (String id : records.viewIds(sys)) {
            if (id.startsWith(ofUser) && !damaged.contains(id)) {
                Optional<View> view = records.view(sys, id);
                if (view.isPresent() && view.get().key().equals(key)) {
                    Optional<Namespaces> namespaces = pins.openAll(sys, view.get());
                    if (namespaces.isPresent()) {
                        return Optional.of(new JoinedView(view.get(), namespaces.get()));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private void lock(long uid) {
        if (lock != null) {
            return;
        }
        try (Fd folder = sys.openFolder(state)) {
            lock = StateFile.open(sys, folder, lockOf(uid));
        }
        try {
            sys.lock(lock);
        } catch (SyscallException e) {
            // A stopped daemon does not block others. At worst the user has two views for a while.
            e.unless(Errno.EAGAIN);
        }
    }

    /** The name of the file that a daemon locks while it looks for a user's view or makes one. */
    public static String lockOf(long uid) {
        return LOCK + uid;
    }

    @Override
    public boolean isResident() {
        return false;
    }

    @Override
    public boolean mayHaveOthers() {
        return true;
    }

    @Override
    public void add(View view, Namespaces namespaces, String session) {
        // The view is recorded, and the descriptors last as long as the process.
    }

    @Override
    public boolean knows(String id) {
        return false;
    }

    @Override
    public void meet(View view, Namespaces namespaces) {
        // Recorded views are known.
        namespaces.close();
    }

    @Override
    public void excludeDamaged(JoinedView shared, String session) {
        damaged.add(shared.view().id());
        shared.namespaces().close();
    }

    @Override
    public void leave(String view, String session) {
        // Nothing but the record of the session exists.
    }

    @Override
    public List<View> ofUser(String name) {
        List<View> views = new ArrayList<>();
        for (View view : records.allViews(sys)) {
            if (view.user().equals(name)) {
                views.add(view);
            }
        }
        return views;
    }

    @Override
    public Optional<View> of(long namespace) {
        // Most logins come from the host, for which no record must be read.
        if (namespace == sys.stat(hostNamespace).inode()) {
            return Optional.empty();
        }
        for (View view : records.allViews(sys)) {
            if (view.namespace() == namespace) {
                return Optional.of(view);
            }
        }
        return Optional.empty();
    }
}
