// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.Optional;
import java.util.Set;
import org.jns.linux.Syscalls;
import org.jns.model.Lifetime;

/**
 * Decides what to do with one private folder now.
 *
 * <p>Reasons: docs/decisions/41-end-of-a-private-folder.md
 */
final class Expiry {
    /**
     * A granted login enters its view at once, but for a moment no process shows the view, and the daemon's list lacks
     * a session of {@code --once}. For this long after a login, in seconds, nothing of it is removed.
     */
    static final long MOMENT = 10;

    private Expiry() {}

    enum State {
        /** Nothing to do until a session begins or ends, a view ends, or time passes. */
        STAYS,
        /** In use now, so now is its last use. */
        USED,
        /** Must be looked at again soon. */
        LATER,
        ENDED
    }

    /**
     * @param lifetime empty: no readable one is recorded
     * @param changed when a login or a look noted a use
     * @param used when it was used last, in jns's own time; empty if that is not known yet
     */
    record PrivateFolder(
            long uid, FolderName name, Optional<Lifetime> lifetime, Syscalls.Times changed, Optional<Long> used) {}

    /**
     * @param now in seconds since 1970
     * @param isSteady whether that clock was not set recently
     * @param own the time that ages are measured in, {@link OwnTime}
     * @param sessions the known open sessions, and views; there may be others
     * @param present their users
     * @param leaving users of whom a session has just ended
     */
    record World(
            long now,
            boolean isSteady,
            long own,
            String boot,
            Set<String> sessions,
            Set<Long> present,
            Set<Long> leaving,
            InUse inUse) {}

    static State of(PrivateFolder privateFolder, World world) {
        if (privateFolder.lifetime().isEmpty()) {
            return State.STAYS;
        }
        Lifetime lifetime = privateFolder.lifetime().get();
        return switch (lifetime.kind()) {
            case FOREVER -> State.STAYS;
            case BOOT -> privateFolder.name().of().equals(world.boot()) ? State.STAYS : State.ENDED;
            case SESSION -> ofSession(privateFolder, world);
            case LOGOUT -> ofLogout(privateFolder, world);
            case UNUSED -> ofUnused(privateFolder, world, lifetime.seconds());
        };
    }

    private static State ofSession(PrivateFolder privateFolder, World world) {
        if (world.sessions().contains(privateFolder.name().of())) {
            return State.STAYS;
        }
        boolean mounted = world.inUse()
                .isMounted(privateFolder.uid(), privateFolder.name().folder());
        return mounted || isFresh(privateFolder, world) ? State.LATER : State.ENDED;
    }

    private static State ofLogout(PrivateFolder privateFolder, World world) {
        if (world.present().contains(privateFolder.uid())) {
            return State.STAYS;
        }
        return isBusy(privateFolder, world) || isFresh(privateFolder, world) ? State.LATER : State.ENDED;
    }

    private static State ofUnused(PrivateFolder privateFolder, World world, long seconds) {
        boolean used = world.present().contains(privateFolder.uid())
                || world.leaving().contains(privateFolder.uid())
                || isBusy(privateFolder, world);
        Optional<Long> last = privateFolder.used();
        // A login used the folder since the last look, or somebody restored it; or the time has restarted, because its
        // note was lost.
        if (used || last.isEmpty() || last.get() > world.own()) {
            return State.USED;
        }
        return world.own() - last.get() >= Math.max(seconds, MOMENT) ? State.ENDED : State.STAYS;
    }

    private static boolean isBusy(PrivateFolder privateFolder, World world) {
        return world.inUse().hasProcess(privateFolder.uid())
                || world.inUse()
                        .isMounted(privateFolder.uid(), privateFolder.name().folder());
    }

    /** A time in the future comes from a clock that was wrong. */
    private static boolean isFresh(PrivateFolder privateFolder, World world) {
        return !world.isSteady()
                || Math.abs(world.now() - privateFolder.changed().content().seconds()) < MOMENT;
    }
}
