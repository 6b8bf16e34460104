// SPDX-License-Identifier: Apache-2.0
package org.jns.wire;

/** The bytes are not a valid message. */
public final class WireException extends Exception {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message, null, false, false);
    }
}
