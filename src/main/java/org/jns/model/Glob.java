// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** A name or a pattern: {@code *} matches any characters, {@code ?} one. */
public record Glob(String pattern) {

    public boolean isLiteral() {
        return pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
    }

    public boolean matches(String text) {
        return isLiteral()
                ? pattern.equals(text)
                : matches(pattern.codePoints().toArray(), text.codePoints().toArray());
    }

    /** Takes time proportional to pattern times text, for any pattern. */
    private static boolean matches(int[] pattern, int[] text) {
        int p = 0;
        int star = -1;
        int retry = 0;
        int t = 0;
        while (t < text.length) {
            if (p < pattern.length && pattern[p] == '*') {
                star = p++;
                retry = t;
            } else if (p < pattern.length && (pattern[p] == '?' || pattern[p] == text[t])) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }
}
