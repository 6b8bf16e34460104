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

    enum Verdict {
        /** Nothing to do until a session begins or ends, or time passes. */
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
    record Instance(
            long uid, InstanceName name, Optional<Lifetime> lifetime, Syscalls.Times changed, Optional<Long> used) {}

    /**
     * @param now in seconds since 1970
     * @param isSteady whether that clock was not set recently
     * @param own the time that ages are measured in, {@link OwnTime}
     * @param sessions the known open sessions; there may be others
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

    static Verdict of(Instance instance, World world) {
        if (instance.lifetime().isEmpty()) {
            return Verdict.STAYS;
        }
        Lifetime lifetime = instance.lifetime().get();
        return switch (lifetime.kind()) {
            case FOREVER -> Verdict.STAYS;
            case BOOT -> instance.name().of().equals(world.boot()) ? Verdict.STAYS : Verdict.ENDED;
            case SESSION -> ofSession(instance, world);
            case LOGOUT -> ofLogout(instance, world);
            case UNUSED -> ofUnused(instance, world, lifetime.seconds());
        };
    }

    private static Verdict ofSession(Instance instance, World world) {
        if (world.sessions().contains(instance.name().of())) {
            return Verdict.STAYS;
        }
        boolean mounted =
                world.inUse().isMounted(instance.uid(), instance.name().folder());
        return mounted || isFresh(instance, world) ? Verdict.LATER : Verdict.ENDED;
    }

    private static Verdict ofLogout(Instance instance, World world) {
        if (world.present().contains(instance.uid())) {
            return Verdict.STAYS;
        }
        return isBusy(instance, world) || isFresh(instance, world) ? Verdict.LATER : Verdict.ENDED;
    }

    private static Verdict ofUnused(Instance instance, World world, long seconds) {
        boolean used = world.present().contains(instance.uid())
                || world.leaving().contains(instance.uid())
                || isBusy(instance, world);
        Optional<Long> last = instance.used();
        // A login used the folder since the last look, or somebody restored it; or the time has restarted, because its
        // record was lost.
        if (used || last.isEmpty() || last.get() > world.own()) {
            return Verdict.USED;
        }
        return world.own() - last.get() >= Math.max(seconds, MOMENT) ? Verdict.ENDED : Verdict.STAYS;
    }

    private static boolean isBusy(Instance instance, World world) {
        return world.inUse().hasProcess(instance.uid())
                || world.inUse().isMounted(instance.uid(), instance.name().folder());
    }

    /** A time in the future comes from a clock that was wrong. */
    private static boolean isFresh(Instance instance, World world) {
        return !world.isSteady()
                || Math.abs(world.now() - instance.changed().content().seconds()) < MOMENT;
    }
}
