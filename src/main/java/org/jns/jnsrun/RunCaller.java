// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jns.linux.Passwd;

/**
 * The user who runs jnsrun.
 *
 * @param users the users that can be mapped
 * @param groups the groups that can be mapped
 * @param accounts finds a user by name
 * @param groupsOf all groups of an account
 * @param shell the command if none is given
 */
record RunCaller(
        long uid,
        long gid,
        Ids users,
        Ids groups,
        Function<String, Optional<Passwd>> accounts,
        Function<Passwd, List<Long>> groupsOf,
        String shell) {
    boolean isRoot() {
        return uid == 0;
    }
}
