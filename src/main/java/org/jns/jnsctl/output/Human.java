// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.output;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jns.folders.PrivateFolders.Size;

/** Formats numbers for people. */
public final class Human {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private Human() {}

    /** A size that was not counted completely begins with {@code >}. */
    public static String size(Size size) {
        return (size.isWhole() ? "" : ">") + bytes(size.bytes());
    }

    static String bytes(long bytes) {
        int unit = 0;
        double number = bytes;
        // A value that would be rounded to 1024 belongs to the next unit.
        while (number >= 1023.95 && unit + 1 < UNITS.length) {
            number /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " " + UNITS[0] : String.format(Locale.ROOT, "%.1f %s", number, UNITS[unit]);
    }

    /** Only the time if it was today. */
    public static String time(long seconds, Instant now, ZoneId zone) {
        LocalDateTime then = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), zone);
        boolean today =
                then.toLocalDate().equals(LocalDateTime.ofInstant(now, zone).toLocalDate());
        return (today ? TIME : DATE).format(then);
    }

    public static String time(long seconds) {
        return time(seconds, Instant.now(), ZoneId.systemDefault());
    }

    public static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
