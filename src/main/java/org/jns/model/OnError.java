// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** What happens to a login whose view cannot be made. */
public enum OnError {
    DENY,
    /** The login continues, in the host's view. */
    ALLOW
}
