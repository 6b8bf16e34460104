// SPDX-License-Identifier: Apache-2.0
package org.jns.rules.ini;

import java.util.OptionalInt;
import org.jns.model.Printable;

/** Reads numbers in rules: decimal digits, no sign, no leading zero. */
public final class Numbers {

    /** The result of {@link #parse} for a text that is no such number, or a larger one. */
    static final long NONE = -1;

    private static final int SETUID = 04000;

    private Numbers() {}

    /** Refuses a leading zero, because elsewhere it makes a number octal. */
    public static long parse(String text, long max) {
        if (text.isEmpty() || (text.length() > 1 && text.charAt(0) == '0')) {
            return NONE;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || number > (max - digit) / 10) {
                return NONE;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /**
     * Always reads octal digits.
     *
     * @param example the correct spelling
     */
    public static OptionalInt mode(SourceSpan value, String example, Problems problems) {
        String text = value.text();
        int bits = 0;
        for (int i = 0; i < text.length() && bits >= 0; i++) {
            char c = text.charAt(i);
            bits = c >= '0' && c <= '7' ? bits * 8 + (c - '0') : -1;
        }
        if (bits < 0 || text.length() < 3 || text.length() > 4) {
            problems.error(
                    value.at(),
                    "'" + Printable.of(text) + "' is no mode: three or four octal digits, as in " + example);
            return OptionalInt.empty();
        }
        if ((bits & SETUID) != 0) {
            problems.error(value.at(), "mode " + text + " has the set-user-id bit, which means nothing on a folder");
            return OptionalInt.empty();
        }
        return OptionalInt.of(bits);
    }
}
