// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.Set;

/**
 * A user from the user database.
 *
 * @param gids of all known groups, including the primary one
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

    /** Whether the account certainly belongs to no person. */
    boolean isService() {
        return !hasShell();
    }

    boolean isPerson() {
        return rank() == PERSON;
    }

    /**
     * How well the account represents others: people log in, a service with a shell may, a service without one does
     * not.
     */
    int rank() {
        return !hasShell() ? 0 : uid >= FIRST_PERSON && uid <= LAST_PERSON ? PERSON : 1;
    }
}
