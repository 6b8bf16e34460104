// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jns.linux.AccountFiles;
import org.jns.linux.NameService;
import org.jns.linux.Passwd;
import org.jns.linux.SyscallException;
import org.jns.model.Creation;

/**
 * What was looked up for the rules before any login. Immutable.
 *
 * @param users by name
 * @param groups by name
 * @param local those of the groups that are in the host's files
 * @param roots the names of uid 0 in the host's files
 * @param isComplete whether the user database has answered every question
 */
public record Known(
        Map<String, Long> users, Map<String, Long> groups, Set<String> local, Set<String> roots, boolean isComplete) {

    /** root is uid 0 wherever there is a passwd(5). */
    private static final String ROOT = "root";

    /** Before any question. */
    public static final Known NOTHING = new Known(Map.of(), Map.of(), Set.of(), Set.of(ROOT), false);

    public Known {
        users = Map.copyOf(users);
        groups = Map.copyOf(groups);
        local = Set.copyOf(local);
        roots = Set.copyOf(roots);
    }

    /**
     * Asks the user database. Without an answer the old value stays: an unreachable group is not an empty one.
     *
     * @param rules as they were read
     * @param files of the host
     */
    public static Known ask(Policy.Wanted rules, NameService names, AccountFiles files, Known before) {
        Asking asking = new Asking(names, before);
        Set<String> groupNames = rules.groups();
        for (String group : groupNames) {
            asking.group(group);
        }
        for (Creation create : rules.creations()) {
            asking.owners(create);
        }
        Set<String> local = before.local;
        Set<String> roots = before.roots;
        try {
            local = files.groupsThere(groupNames);
            roots = new HashSet<>(files.rootNames());
            roots.add(ROOT);
        } catch (SyscallException e) {
            asking.isComplete = false;
        }
        return new Known(asking.users, asking.groups, local, roots, asking.isComplete);
    }

    /**
     * Looks up the owners that some rules name in {@code create}, if that was not done yet.
     *
     * @return incomplete if the user database does not answer
     */
    public static Known owners(List<Creation> creations, NameService names) {
        Asking asking = new Asking(names, NOTHING);
        for (Creation create : creations) {
            asking.owners(create);
        }
        return new Known(asking.users, asking.groups, Set.of(), Set.of(), asking.isComplete);
    }

    private static final class Asking {
        private final NameService names;
        private final Known before;
        private final Map<String, Long> users = new HashMap<>();
        private final Map<String, Long> groups = new HashMap<>();
        private boolean isComplete = true;

        Asking(NameService names, Known before) {
            this.names = names;
            this.before = before;
        }

        void group(String name) {
            if (groups.containsKey(name)) {
                return;
            }
            try {
                names.groupId(name).ifPresent(id -> groups.put(name, id));
            } catch (SyscallException e) {
                keep(before.groups, groups, name);
            }
        }

        void user(String name) {
            if (users.containsKey(name)) {
                return;
            }
            try {
                Optional<Passwd> user = names.user(name);
                user.ifPresent(entry -> users.put(name, entry.uid()));
            } catch (SyscallException e) {
                keep(before.users, users, name);
            }
        }

        private void keep(Map<String, Long> from, Map<String, Long> to, String name) {
            isComplete = false;
            if (from.containsKey(name)) {
                to.put(name, from.get(name));
            }
        }

        void owners(Creation create) {
            if (create.owner() instanceof Creation.Named named) {
                user(named.name());
            }
            if (create.group().isPresent() && create.group().get() instanceof Creation.Named named) {
                group(named.name());
            }
        }
    }

    public OptionalLong user(String name) {
        return of(users, name);
    }

    public OptionalLong group(String name) {
        return of(groups, name);
    }

    private static OptionalLong of(Map<String, Long> ids, String name) {
        Long id = ids.get(name);
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }
}
