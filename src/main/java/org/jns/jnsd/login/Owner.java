// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.List;

/**
 * The quota owner of a request: whose share an owner connection uses of what each user may have a few of. A user may
 * have thousands of subordinate uids, subuid(5), but has logged in as one. A process without a login uid may set any:
 * so it counts for its uid too, and uses no share of the user that it names.
 *
 * @param login the uid that has logged in, or the process's uid if none has
 */
public record Owner(long uid, long login) {

    /** The numbers to count under; each has its own limit. */
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
