// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** Text that is safe to print on one line, in a log or on a terminal. */
public final class Printable {

    private Printable() {}

    /** Whether the text has no control character, no line separator and no half of a surrogate pair. */
    public static boolean is(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPrintable(text, i)) {
                return false;
            }
        }
        return true;
    }

    /** The text with what is not printable written as a backslash-u escape, and cut at 200 characters. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (out.length() >= 200) {
                return out.append("...").toString();
            }
            if (isPrintable(text, i)) {
                out.append(text.charAt(i));
            } else {
                out.append(String.format("\\u%04x", (int) text.charAt(i)));
            }
        }
        return out.toString();
    }

    private static boolean isPrintable(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        // U+200E and its kin turn the direction of a terminal line around; U+2028 breaks it.
        return !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT && c != '\u2028' && c != '\u2029';
    }
}
