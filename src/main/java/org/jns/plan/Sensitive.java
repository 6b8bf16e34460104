// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.List;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.Step.Ownership;

/**
 * The files that root reads and runs in a user's view. The login program stays in the view as root for the whole
 * session (sshd's monitor does), so a user who could write there would become root.
 */
final class Sensitive {
    private static final List<AbsPath> ROOTS = paths(
            "/etc",
            "/usr",
            "/bin",
            "/sbin",
            "/lib",
            "/lib32",
            "/lib64",
            "/libx32",
            "/opt",
            "/nix",
            "/gnu",
            "/root",
            "/boot",
            "/proc",
            "/sys",
            "/dev",
            "/run",
            // The login program writes its records in the first, as root; sssd answers its look-ups in the second.
            "/var/log",
            "/var/lib/sss");
    /** Below those, but made for users to write to. */
    private static final List<AbsPath> OPEN = paths("/dev/shm", "/dev/mqueue", "/run/user", "/run/lock");

    private Sensitive() {}

    private static List<AbsPath> paths(String... texts) {
        return List.of(texts).stream().map(AbsPath::of).toList();
    }

    static boolean is(AbsPath target) {
        boolean covers = ROOTS.stream().anyMatch(root -> target.isAtOrBelow(root) || root.isBelow(target));
        return covers && OPEN.stream().noneMatch(target::isAtOrBelow);
    }

    /** Whether a folder with that ownership lets more people write than the one that it hides. */
    static boolean isLaxer(Ownership shown, Fact.Present hidden) {
        int mayWrite = 0022;
        boolean otherOwner = shown.uid() != 0 && shown.uid() != hidden.uid();
        boolean otherGroup = (shown.mode() & 0020) != 0 && shown.gid() != 0 && shown.gid() != hidden.gid();
        // Without the sticky bit they may remove and rename the files of others.
        boolean lostSticky = (shown.mode() & mayWrite) != 0 && (hidden.mode() & ~shown.mode() & 01000) != 0;
        return otherOwner || otherGroup || lostSticky || (shown.mode() & ~hidden.mode() & mayWrite) != 0;
    }
}
