// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.List;

/**
 * Whose share a visitor takes of what each user may have a few of. A user may have thousands of subordinate uids, subuid(5), but has logged
 * in as one. A process without a login uid may give itself any: so it counts for its uid too, and takes nothing from the one that it names.
 *
 * @param login the uid that has logged in, or the process's own where nobody has
 */
public record Owner(long uid, long login) {

    /** The numbers to count by: as many of each may be there. */
    public List<Long> shares() {
        return login == uid ? List.of(uid) : List.of(uid, -1 - login);
    }

    public boolean sharesWith(Owner other) {
        for (Long share : shares()) {
            if (other.shares().contains(share)) {
                return true;
            }
        }
        return false;
    }
}
