// SPDX-License-Identifier: Apache-2.0
package org.jns.recipe;

import java.nio.charset.StandardCharsets;

/**
 * Bytes as text, each byte a character. Arguments, paths and variables are bytes and must stay unchanged, whether they
 * are UTF-8 or not; messages and user databases are UTF-8.
 */
public final class Raw {

    private Raw() {}

    /** A raw text for display. */
    public static String read(String raw) {
        return new String(bytes(raw), StandardCharsets.UTF_8);
    }

    /** The raw form of a normal text. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String raw) {
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }
}
