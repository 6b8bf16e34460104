// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.Session;
import org.jns.state.View;

/** The views according to their records, if no daemon answers. */
final class RecordedViewLookup implements ViewLookup {
    private final Syscalls sys;
    private final AbsPath state;

    RecordedViewLookup(Syscalls sys, AbsPath state) {
        this.sys = sys;
        this.state = state;
    }

    /** If there never was a view, the folders are missing. */
    private Optional<Records> records() {
        try {
            return Optional.of(new Records(sys, state));
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return Optional.empty();
        }
    }

    @Override
    public List<View> ofUser(String name) {
        List<View> all = new ArrayList<>();
        Optional<Records> records = records();
        if (records.isPresent()) {
            for (View view : records.get().allViews(sys)) {
                if (view.user().equals(name)) {
                    all.add(view);
                }
            }
        }
        return all;
    }

    @Override
    public Optional<View> view(String id) {
        Optional<Records> records = records();
        return records.isPresent() && records.get().viewIds(sys).contains(id)
                ? records.get().view(sys, id)
                : Optional.empty();
    }

    @Override
    public List<Session> sessions() {
        Optional<Records> records = records();
        return records.isPresent() ? records.get().allSessions(sys) : List.of();
    }

    @Override
    public Optional<Session> session(String id) {
        Optional<Records> records = records();
        return records.isPresent() && records.get().sessionIds(sys).contains(id)
                ? records.get().session(sys, id)
                : Optional.empty();
    }

    /**
     * A record exists, so the keeper exists, which has the pins. It is pinned in the host's mount namespace, and
     * visible only there.
     */
    @Override
    public Optional<Namespaces> open(View view) {
        Fd host = sys.namespaceOfInit();
        sys.unshareMounts();
        sys.enterMounts(host);
        try (Pins pins = Pins.open(sys, state, host)) {
            return pins.openAll(sys, view);
        }
    }
}
