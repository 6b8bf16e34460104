// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.concurrent.ThreadLocalRandom;
import org.jns.model.Printable;

/**
 * One login, from the module's open_session to its end.
 *
 * @param id 16 hexadecimal digits
 * @param view id of the view that it was given
 * @param since seconds since 1970
 */
public record Session(
        String id, String user, long uid, String service, String tty, SeenProcess leader, String view, long since) {

    /** A number that no other session has. */
    public static String newId() {
        return Printable.hex(ThreadLocalRandom.current().nextLong(), 16);
    }
}
