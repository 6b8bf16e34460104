// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A file's name as the kernel stores it: any bytes except NUL and the slash. Users can choose names that are no valid
 * text.
 */
public final class RawName {
    private final byte[] bytes;

    public RawName(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    public static RawName of(String text) {
        return new RawName(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
        return bytes.clone();
    }

    boolean isDots() {
        return bytes.length == 1 && bytes[0] == '.' || bytes.length == 2 && bytes[0] == '.' && bytes[1] == '.';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawName name && Arrays.equals(bytes, name.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** For display; different names may look alike. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
