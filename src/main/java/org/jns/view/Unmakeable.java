// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

/** No view can be made; the message gives the reason. */
public final class Unmakeable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unmakeable(String message) {
        super(message, null, false, false);
    }
}
