// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.Set;

/**
 * A user as the user database has it.
 *
 * @param gids of all groups that are known, the primary one among them
 */
record Account(String name, long uid, long gid, String home, String shell, Set<Long> gids) {
    private static final Set<String> NO_SHELLS = Set.of("nologin", "false", "sync", "shutdown", "halt");
    private static final long FIRST_PERSON = 1000;
    private static final long LAST_PERSON = 59_999;
    private static final int PERSON = 2;

    Account {
        gids = Set.copyOf(gids);
    }

    private boolean hasShell() {
        return !NO_SHELLS.contains(shell.substring(shell.lastIndexOf('/') + 1));
    }

    boolean isRoot() {
        return uid == 0;
    }

    /** Whether it is surely nobody's who logs in. */
    boolean isService() {
        return !hasShell();
    }

    boolean isPerson() {
        return rank() == PERSON;
    }

    /** How well it stands for others: people log in, a service with a shell may, a service without one does not. */
    int rank() {
        return !hasShell() ? 0 : uid >= FIRST_PERSON && uid <= LAST_PERSON ? PERSON : 1;
    }
}
