// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/** An open descriptor with one owner, always close-on-exec. Closing twice is harmless. */
public final class Fd implements AutoCloseable {

    /** Closes a descriptor. */
    @FunctionalInterface
    public interface Closer {
        void close(int number);
    }

    private final Closer closer;
    private int number;

    public Fd(int number, Closer closer) {
        this.number = number;
        this.closer = closer;
    }

    /** @throws IllegalStateException if it is closed: the number may belong to another file by now */
    public int number() {
        if (number < 0) {
            throw new IllegalStateException("descriptor is closed");
        }
        return number;
    }

    @Override
    public void close() {
        if (number >= 0) {
            int closing = number;
            number = -1;
            closer.close(closing);
        }
    }
}
