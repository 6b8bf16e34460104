// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Optional;

/**
 * Which sessions use a private folder, and how long it is kept.
 *
 * @param seconds for {@link Kind#UNUSED}: the time after its last use; else 0
 */
public record Lifetime(Kind kind, long seconds) {

    public enum Kind {
        FOREVER,
        /** Until no session has used it for some time. */
        UNUSED,
        /** Until the machine starts again. */
        BOOT,
        /** Until the user's last session and last process have ended. */
        LOGOUT,
        /** Each session has a separate one, until the session ends. */
        SESSION
    }

    public static final Lifetime FOREVER = new Lifetime(Kind.FOREVER, 0);
    public static final Lifetime BOOT = new Lifetime(Kind.BOOT, 0);
    public static final Lifetime LOGOUT = new Lifetime(Kind.LOGOUT, 0);
    public static final Lifetime SESSION = new Lifetime(Kind.SESSION, 0);

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    /** A hundred thousand days suffice, and no sum of them overflows. */
    private static final int MOST_DIGITS = 5;

    public static Lifetime unused(long seconds) {
        return new Lifetime(Kind.UNUSED, seconds);
    }

    /** Parses a rule's {@code keep}: logout, boot, forever, or a time such as 90m, 12h or 30d. */
    public static Optional<Lifetime> keep(String text) {
        return switch (text) {
            case "forever" -> Optional.of(FOREVER);
            case "boot" -> Optional.of(BOOT);
            case "logout" -> Optional.of(LOGOUT);
            default -> time(text);
        };
    }

    private static Optional<Lifetime> time(String text) {
        int digits = text.length() - 1;
        if (digits < 1 || digits > MOST_DIGITS || text.charAt(0) == '0') {
            return Optional.empty();
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return Optional.empty();
            }
            number = number * 10 + (c - '0');
        }
        return switch (text.charAt(digits)) {
            case 'm' -> Optional.of(unused(number * MINUTE));
            case 'h' -> Optional.of(unused(number * HOUR));
            case 'd' -> Optional.of(unused(number * DAY));
            default -> Optional.empty();
        };
    }

    /** The form that {@link #keep} reads; a session's folder is {@code session}. */
    @Override
    public String toString() {
        return switch (kind) {
            case FOREVER -> "forever";
            case BOOT -> "boot";
            case LOGOUT -> "logout";
            case SESSION -> "session";
            case UNUSED ->
                seconds % DAY == 0
                        ? seconds / DAY + "d"
                        : seconds % HOUR == 0 ? seconds / HOUR + "h" : seconds / MINUTE + "m";
        };
    }

    /** The event that ends it, in words. */
    public String ending() {
        return switch (kind) {
            case FOREVER -> "for ever";
            case BOOT -> "until the machine started again";
            case LOGOUT -> "until logout";
            case SESSION -> "until its session ended";
            case UNUSED -> "for " + this + " after its last use";
        };
    }
}
