// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.warmup;

/** The daemon cannot start, and the admin must do something about it; the message says what. */
public final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean forGood;

    public CannotStart(String message) {
        this(message, false);
    }

    /**
     * @param forGood whether another try cannot help
     */
    public CannotStart(String message, boolean forGood) {
        super(message, null, false, false);
        this.forGood = forGood;
    }

    public boolean isForGood() {
        return forGood;
    }
}
