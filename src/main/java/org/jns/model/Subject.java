// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Set;

/**
 * Who logs in, where. Made from one look-up of the user's name.
 *
 * @param user the name as the user database has it
 * @param group the primary group's name, or its number where it has none or nobody asks for the name
 * @param home as the user database has it: not checked, may be no path at all
 * @param gids the primary group's number, and those of the supplementary ones if the rules go by numbers
 * @param groups the names of those of the user's groups, primary and supplementary, that the rules mention
 * @param tty empty where there is none
 */
public record Subject(
        String user,
        long uid,
        long gid,
        String group,
        Set<Long> gids,
        Set<String> groups,
        String home,
        String shell,
        String service,
        String tty) {

    /** The largest id that is a user's or group's; the one above it means "none" to the kernel. */
    public static final long MAX_ID = 0xfffffffeL;

    public Subject {
        UserName.check(user);
        gids = Set.copyOf(gids);
        groups = Set.copyOf(groups);
        if (uid < 0 || uid > MAX_ID || gid < 0 || gid > MAX_ID) {
            throw new IllegalArgumentException("id out of range: " + uid + ":" + gid);
        }
    }

    /** One whose supplementary groups nobody asks for by number. */
    public Subject(
            String user, long uid, long gid, String group, Set<String> groups, String home, String shell, String service, String tty) {
        this(user, uid, gid, group, Set.of(gid), groups, home, shell, service, tty);
    }

    public boolean isRoot() {
        return uid == 0;
    }
}
