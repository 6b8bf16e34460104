// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Remembers answers of the user database to earlier logins: the canonical name of a uid, so that it is asked for once
 * and not at each login, and the groups that only a service of the database knows, for a login at which that service
 * does not answer. Groups in the host's files are never remembered: they can be read at any time. Thread-safe.
 */
public final class AccountsBefore {
    /** A few hundred bytes each. */
    private static final int MOST = 1024;
    /** A user who is removed from a group while its service does not answer stays in it for this long. */
    private static final long MOST_AGE_NS = 12 * 3600 * 1_000_000_000L;

    private final LongSupplier clock;
    private final Map<String, Groups> groups = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();

    public AccountsBefore() {
        this(System::nanoTime);
    }

    /**
     * @param clock in nanoseconds
     */
    AccountsBefore(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * An answer of the database about a user's groups.
     *
     * @param ids of the groups that are not in the host's files
     * @param asked names of groups without a known number that were asked for
     * @param found those of them that the user was in
     * @param at time of the answer, by the clock
     */
    record Groups(List<Long> ids, Set<String> asked, Set<String> found, long at) {}

    /**
     * Two accounts with one uid may be in different groups. A text, because the JVM links a record's hash code at its
     * first use, on a login thread.
     */
    private static String account(String name, long uid) {
        return uid + ":" + name;
    }

    synchronized void rememberGroups(String name, long uid, List<Long> ids, Set<String> asked, Set<String> found) {
        remember(
                groups,
                account(name, uid),
                new Groups(new ArrayList<>(ids), new HashSet<>(asked), new HashSet<>(found), clock.getAsLong()));
    }

    /** Empty if it is not known, or was not confirmed for too long. */
    synchronized Optional<Groups> groupsOf(String name, long uid) {
        Groups known = groups.get(account(name, uid));
        return known == null || clock.getAsLong() - known.at() > MOST_AGE_NS ? Optional.empty() : Optional.of(known);
    }

    synchronized void rememberName(String name, long uid, String canonical) {
        remember(names, account(name, uid), canonical);
    }

    synchronized Optional<String> canonical(String name, long uid) {
        return Optional.ofNullable(names.get(account(name, uid)));
    }

    /** Accounts may have been renamed, or come to share a uid. */
    public synchronized void forgetNames() {
        names.clear();
    }

    private static <V> void remember(Map<String, V> all, String account, V value) {
        // The newest is last.
        all.remove(account);
        if (all.size() >= MOST) {
            all.remove(all.keySet().iterator().next());
        }
        all.put(account, value);
    }
}
