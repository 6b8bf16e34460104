// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

/** Numbers as rules have them: decimal digits, no sign, no leading zero. */
final class Numbers {

    /** What {@link #parse} gives for text that is no such number, or a larger one. */
    static final long NONE = -1;

    private Numbers() {}

    /** A leading zero is refused, as elsewhere it would make a number octal. */
    static long parse(String text, long max) {
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
}
