// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

/** The daemon cannot start, and the admin must do something about it; the message says what. */
final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean forGood;

    CannotStart(String message) {
        this(message, false);
    }

    /**
     * @param forGood whether another try cannot help
     */
    CannotStart(String message, boolean forGood) {
        super(message, null, false, false);
        this.forGood = forGood;
    }

    boolean isForGood() {
        return forGood;
    }
}
