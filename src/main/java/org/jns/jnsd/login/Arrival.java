// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.Optional;
import org.jns.linux.Fd;

/**
 * What a login thread does next: exactly one of the two is present.
 *
 * @param connection a connection that nobody has read from yet
 * @param waited a login that had to wait for a thread
 */
public record Arrival(Optional<Fd> connection, Optional<Turns.Pending> waited) {

    public static Arrival of(Fd connection) {
        return new Arrival(Optional.of(connection), Optional.empty());
    }

    static Arrival of(Turns.Pending waited) {
        return new Arrival(Optional.empty(), Optional.of(waited));
    }
}
