// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.model.Subject;
import org.jns.model.UserName;
import org.jns.sys.NameService;
import org.jns.sys.Passwd;
import org.jns.sys.SyscallException;

/** Finds out who it is that logs in: one look-up of the name, and of groups only what the rules ask for. */
public final class Subjects {
    private final NameService names;

    public Subjects(NameService names) {
        this.names = names;
    }

    /** There is no subject for this request; the message says why. */
    public static final class Unknown extends Exception {
        private static final long serialVersionUID = 1L;

        Unknown(String message) {
            super(message, null, false, false);
        }
    }

    public Subject of(String user, String service, String tty, Policy policy) throws Unknown {
        try {
            UserName.check(user);
            Passwd entry = names.user(user).orElseThrow(() -> new Unknown("there is no user " + user));
            String group = policy.usesGroupVariable() ? groupName(entry.gid()) : Long.toString(entry.gid());
            List<Long> ids = idsOfGroups(entry, policy);
            Set<String> groups = groups(ids, policy);
            Set<Long> gids = policy.usesGids() ? new HashSet<>(ids) : Set.of(entry.gid());
            return new Subject(
                    entry.name(), entry.uid(), entry.gid(), group, gids, groups, entry.home(), entry.shell(), service, tty);
        } catch (IllegalArgumentException e) {
            throw new Unknown(e.getMessage());
        } catch (SyscallException e) {
            throw new Unknown("cannot look up user " + user + ": " + e.getMessage());
        }
    }

    private String groupName(long gid) {
        return names.groupName(gid).orElse(Long.toString(gid));
    }

    private List<Long> idsOfGroups(Passwd entry, Policy policy) {
        boolean asked = policy.usesGids() || !policy.groups().isEmpty() || !policy.unknownGroups().isEmpty();
        return asked ? names.groupsOf(entry.name(), entry.gid()) : List.of(entry.gid());
    }

    private Set<String> groups(List<Long> ids, Policy policy) {
        Set<String> found = new HashSet<>();
        for (Long id : ids) {
            Optional.ofNullable(policy.groups().get(id)).ifPresent(found::add);
        }
        // A group that was made after the rules were read: rare, and it must not wait for a reload.
        for (String name : policy.unknownGroups()) {
            names.groupId(name).ifPresent(id -> {
                if (ids.contains(id)) {
                    found.add(name);
                }
            });
        }
        return found;
    }
}
