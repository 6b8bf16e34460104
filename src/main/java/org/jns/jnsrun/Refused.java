// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

/** It is not done; the message says why, and what to do. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message, null, false, false);
    }
}
