// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user database answered at the logins before: the canonical name of a uid, so that it is asked for once and not at each login,
 * and the groups, for a login at which the database does not answer. Any thread may ask.
 */
public final class AccountsBefore {
    /** Some hundred bytes each. */
    private static final int MOST = 1024;

    private final Map<String, List<Long>> groups = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();

    /** Two accounts of one uid may be in different groups. A text, because the JVM links a record's hash code at its first use, on a login thread. */
    private static String account(String name, long uid) {
        return uid + ":" + name;
    }

    synchronized void rememberGroups(String name, long uid, List<Long> ids) {
        remember(groups, account(name, uid), new ArrayList<>(ids));
    }

    synchronized Optional<List<Long>> groupsOf(String name, long uid) {
        return Optional.ofNullable(groups.get(account(name, uid)));
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
