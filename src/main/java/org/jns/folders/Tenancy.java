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
 * One login's effect on the lifetimes of private folders: it records what the login's rules say, and holds the user's
 * folder while the login builds its view. The removing process must lock that folder for the moment in which it moves a
 * private folder aside ({@link Sweep}), so a login never mounts a folder that is about to be removed, and never waits
 * for longer than that moment.
 */
final class Tenancy {
    private final Syscalls sys;
    private final String session;
    private final List<Held> held = new ArrayList<>();

    /**
     * @param own the user's folder, locked
     * @param used the entry in it that tells the last use
     */
    private record Held(Fd own, String used) {}

    Tenancy(Syscalls sys, String session) {
        this.sys = sys;
        this.session = session;
    }

    /**
     * The name of the folder with that key for this login. If nothing would ever remove it, nothing is held.
     *
     * @param own the user's folder
     */
    FolderName begin(Fd own, String key, Lifetime lifetime) {
        return switch (lifetime.kind()) {
            case FOREVER -> forever(own, FolderName.user(key));
            case BOOT -> FolderName.boot(sys.boot(), key);
            case SESSION -> {
                FolderName name = FolderName.session(session, key);
                hold(own, name.folder());
                yield name;
            }
            case LOGOUT, UNUSED -> {
                FolderName name = FolderName.user(key);
                hold(own, name.note());
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

    private FolderName forever(Fd own, FolderName name) {
        if (noted(sys, own, name).isPresent()) {
            hold(own, name.note());
            forget(sys, own, name);
        }
        return name;
    }

    /** The content of the note, if there is one. */
    static Optional<String> noted(Syscalls sys, Fd own, FolderName name) {
        try {
            return Optional.of(sys.readLink(own, name.note()));
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return Optional.empty();
        }
    }

    private void note(Fd own, FolderName name, String text) {
        if (noted(sys, own, name).equals(Optional.of(text))) {
            return;
        }
        // Replaces an older note without a moment in which none exists, because that would mean for ever.
        String draft = Drafts.PREFIX + TreeRemoval.unique();
        sys.makeLink(own, draft, text);
        try {
            sys.replace(own, draft, name.note());
        } catch (SyscallException e) {
            sys.discard(own, draft);
            throw e;
        }
    }

    static void forget(Syscalls sys, Fd own, FolderName name) {
        remove(sys, own, name.use());
        remove(sys, own, name.note());
    }

    private static void remove(Syscalls sys, Fd own, String file) {
        try {
            sys.remove(own, file);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
        }
    }

    /**
     * Called when the view exists: soon its own mounts tell that the folders are in use, and until then, the record of
     * the use that was just noted. If that cannot be noted, the login counts as one at the last noted time.
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
