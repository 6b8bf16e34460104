// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Set;

/**
 * The user of a login as rules see them, and where the login comes from.
 *
 * @param user the canonical name: the one that the user database has for the uid. Everything stored for a user is
 *     stored under it
 * @param alias the name that this login used; it differs if a uid has several names, or a name has several spellings
 * @param group the primary group's name, or its number if it has no name or nobody asks for the name
 * @param home from the user database: not checked, may be no path at all
 * @param gids the primary group's number, and those of the supplementary ones if the rules use numbers
 * @param groups the names of those of the user's groups, primary and supplementary, that the rules mention
 * @param tty empty if there is none
 * @param unasked groups of which it is unknown whether they are the user's; {@link #ALL_GROUPS}: all others
 */
public record Subject(
        String user,
        String alias,
        long uid,
        long gid,
        String group,
        Set<Long> gids,
        Set<String> groups,
        String home,
        String shell,
        String service,
        String tty,
        Set<String> unasked) {

    /** No group has this name. */
    public static final String ALL_GROUPS = "*";

    /** The largest valid id of a user or group; the next one means "none" to the kernel. */
    public static final long MAX_ID = 0xfffffffeL;

    public Subject {
        UserName.check(user);
        alias = alias.equals(user) ? user : alias;
        gids = Set.copyOf(gids);
        groups = Set.copyOf(groups);
        unasked = Set.copyOf(unasked);
        if (uid < 0 || uid > MAX_ID || gid < 0 || gid > MAX_ID) {
            throw new IllegalArgumentException("id out of range: " + uid + ":" + gid);
        }
    }

    /** A subject with a single name and no unknown groups. */
    public Subject(
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
        this(user, user, uid, gid, group, gids, groups, home, shell, service, tty, Set.of());
    }

    /** A subject whose supplementary groups nobody asks for by number. */
    public Subject(
            String user,
            long uid,
            long gid,
            String group,
            Set<String> groups,
            String home,
            String shell,
            String service,
            String tty) {
        this(user, uid, gid, group, Set.of(gid), groups, home, shell, service, tty);
    }

    public boolean isUnasked(String group) {
        return unasked.contains(ALL_GROUPS) || unasked.contains(group);
    }

    public boolean hasAlias() {
        return !alias.equals(user);
    }

    public boolean isRoot() {
        return uid == 0;
    }
}
