// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.List;

/**
 * A user in the host's user database.
 *
 * @param name empty for a number that the database does not have
 */
record Account(String name, long uid, long gid, List<Long> groups, String home, String shell) {
    Account {
        groups = List.copyOf(groups);
    }
}
