// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Set;

/**
 * Who logs in, where.
 *
 * @param user the canonical name: the one that the user database gives to the uid. All that is kept of a user is kept by it
 * @param alias the name that this login has used, which is another where a uid has several, or one is typed in several ways
 * @param group the primary group's name, or its number where it has none or nobody asks for the name
 * @param home as the user database has it: not checked, may be no path at all
 * @param gids the primary group's number, and those of the supplementary ones if the rules go by numbers
 * @param groups the names of those of the user's groups, primary and supplementary, that the rules mention
 * @param tty empty where there is none
 * @param unasked the groups of which nobody could find out whether they are the user's; {@link #ALL_GROUPS}: all others
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

    /** The largest id that is a user's or group's; the one above it means "none" to the kernel. */
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

    /** One with a single name, and with nothing left to ask. */
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

    /** One whose supplementary groups nobody asks for by number. */
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
