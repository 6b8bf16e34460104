// SPDX-License-Identifier: Apache-2.0
package org.jns.wire;

/** What the module or jnsctl asks. */
public sealed interface Request {

    /** A session begins. The user's name is all that is said of the user: the helper looks the rest up. */
    record Open(String user, String service, String tty) implements Request {}

    /** Read the rules again. */
    record Reload() implements Request {}
}
