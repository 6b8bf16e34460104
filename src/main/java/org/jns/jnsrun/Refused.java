// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

/** The request is refused; the message gives the reason and the remedy. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message, null, false, false);
    }
}
