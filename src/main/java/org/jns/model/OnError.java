// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** What becomes of a login whose view cannot be made. */
public enum OnError {
    DENY,
    /** It goes on, in the host's view. */
    ALLOW
}
