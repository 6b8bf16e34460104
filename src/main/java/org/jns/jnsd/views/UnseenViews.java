// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.views;

import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.AbsPath;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.View;

/**
 * Finds the views that daemons for one login make while the resident daemon runs: it was stopped for a while, or
 * overloaded. Each such view has a mark from before its record is written until the resident daemon has learned of it.
 * So the next login may come from such a view, or join it. Belongs to one thread.
 */
final class UnseenViews {
    /**
     * The kernel's clock for files advances in steps of up to ten milliseconds: within one step, a folder may change
     * twice and show one time.
     */
    private static final long GRAIN_MS = 100;

    private static final long NEVER = -1;

    private final Syscalls sys;
    private final AbsPath state;
    private final Records records;
    private final Pins pins;
    private final JoinableViews views;
    /** When the marks changed last, if none was left then. */
    private long quietSince = NEVER;

    UnseenViews(Syscalls sys, AbsPath state, Records records, Pins pins, JoinableViews views) {
        this.sys = sys;
        this.state = state;
        this.records = records;
        this.pins = pins;
        this.views = views;
    }

    /**
     * Learns of the recorded ones. One system call if nothing has changed.
     *
     * @throws SyscallException if the marks cannot be read
     */
    void meet() {
        if (!views.isResident()) {
            return;
        }
        long changed = records.unseenChangedAt(sys);
        if (changed == quietSince) {
            return;
        }
        boolean isQuiet = System.currentTimeMillis() - changed / 1_000_000 > GRAIN_MS;
        for (String id : records.unseenViews(sys)) {
            isQuiet = false;
            meet(id);
        }
        quietSince = isQuiet ? changed : NEVER;
    }

    /** A pin without its record may be a view that is not recorded yet: the cleaner sees to it. */
    private void meet(String id) {
        if (!views.knows(id)) {
            Optional<View> view = records.view(sys, id);
            Optional<Namespaces> namespaces = view.isPresent() ? pins.openAll(sys, view.get()) : Optional.empty();
            if (namespaces.isEmpty()) {
                return;
            }
            views.meet(view.get(), namespaces.get());
        }
        records.forgetUnseen(sys, id);
    }

    /**
     * Waits for a daemon for one login that is making a view for the user, and learns of that view.
     *
     * @return whether there may have been one
     */
    boolean await(long uid) {
        if (!views.isResident()) {
            return false;
        }
        try (Fd lock = sys.open(state.child(RecordedViews.lockOf(uid)).value(), OpenAs.READ)) {
            sys.lockShared(lock);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            // A stopped daemon does not block others. At worst the user has two views for a while.
            e.unless(Errno.EAGAIN);
        }
        meet();
        return true;
    }
}
