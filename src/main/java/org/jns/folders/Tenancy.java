// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Lifetime;

/**
 * One login's part in how long private folders are kept: it notes what its rules say, and holds the user's own folder while it builds its
 * view. Who removes must have that folder alone for the moment in which it takes one out of the way ({@link Sweep}), so a login never
 * mounts what is about to go, and never waits for longer than that moment.
 */
final class Tenancy {
    private final Syscalls sys;
    private final String session;
    private final List<Held> held = new ArrayList<>();

    /**
     * @param own the user's own folder, locked
     * @param used what in it tells when it was used last
     */
    private record Held(Fd own, String used) {}

    Tenancy(Syscalls sys, String session) {
        this.sys = sys;
        this.session = session;
    }

    /**
     * What the folder of that key is called for this login. Where nothing would ever remove it, nothing is held.
     *
     * @param own the user's own folder
     */
    InstanceName begin(Fd own, String key, Lifetime lifetime) {
        return switch (lifetime.kind()) {
            case FOREVER -> forever(own, InstanceName.user(key));
            case BOOT -> InstanceName.boot(sys.boot(), key);
            case SESSION -> {
                InstanceName name = InstanceName.session(session, key);
                hold(own, name.folder());
                yield name;
            }
            case LOGOUT, UNUSED -> {
                InstanceName name = InstanceName.user(key);
                hold(own, name.record());
                note(own, name, lifetime.toString());
                yield name;
            }
        };
    }

    private void hold(Fd own, String used) {
        Fd lock = Drafts.again(sys, own);
        held.add(new Held(lock, used));
        sys.lockShared(lock);
    }

    private InstanceName forever(Fd own, InstanceName name) {
        if (noted(sys, own, name).isPresent()) {
            hold(own, name.record());
            forget(sys, own, name);
        }
        return name;
    }

    /** What the record says, if there is one. */
    static Optional<String> noted(Syscalls sys, Fd own, InstanceName name) {
        try {
            return Optional.of(sys.readLink(own, name.record()));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void note(Fd own, InstanceName name, String text) {
        if (noted(sys, own, name).equals(Optional.of(text))) {
            return;
        }
        // Whatever it said before, at no time it says nothing: that would be for ever.
        String draft = Drafts.PREFIX + TreeRemoval.unique();
        sys.makeLink(own, draft, text);
        try {
            sys.replace(own, draft, name.record());
        } catch (SyscallException e) {
            sys.discard(own, draft);
            throw e;
        }
    }

    static void forget(Syscalls sys, Fd own, InstanceName name) {
        remove(sys, own, name.use());
        remove(sys, own, name.record());
    }

    private static void remove(Syscalls sys, Fd own, String file) {
        try {
            sys.remove(own, file);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    /**
     * The view is there: before long its own mounts tell that the folders are in use, and until then, that they were used just now. If
     * that cannot be noted, it is as if the login had been when it could.
     */
    void end() {
        for (Held one : held) {
            try (Fd own = one.own()) {
                sys.touch(own, one.used());
            } catch (SyscallException e) {
                continue;
            }
        }
        held.clear();
    }
}
