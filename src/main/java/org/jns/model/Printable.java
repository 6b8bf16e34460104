// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** Makes text safe to print on one line, in a log or on a terminal. */
public final class Printable {

    private Printable() {}

    private static final int MAX_SHOWN = 200;

    /**
     * Whether the text contains no control or invisible character, no line separator and no half of a surrogate pair.
     */
    public static boolean is(String text) {
        return text.codePoints().allMatch(Printable::isPrintable);
    }

    /** The text with unprintable characters as backslash-u escapes, shortened to 200 characters. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            if (out.length() >= MAX_SHOWN) {
                return out.append("...").toString();
            }
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isPrintable(c)) {
                out.appendCodePoint(c);
            } else {
                for (char half : Character.toChars(c)) {
                    out.append("\\u").append(hex(half, 4));
                }
            }
        }
        return out.toString();
    }

    /**
     * The lowest digits of a number, in base 16. Written by hand: Java's formatter loads classes at its first use,
     * which may be on a login thread.
     */
    public static String hex(long number, int digits) {
        StringBuilder text = new StringBuilder();
        for (int i = digits - 1; i >= 0; i--) {
            text.append("0123456789abcdef".charAt((int) (number >>> 4 * i & 15)));
        }
        return text.toString();
    }

    private static boolean isPrintable(int c) {
        // U+200E and similar ones change the direction of a terminal line; U+2028 breaks it.
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
