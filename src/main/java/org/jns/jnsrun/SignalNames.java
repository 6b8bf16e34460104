// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Names of signals, like kill(1). */
final class SignalNames {
    static final int KILL = 9;

    private static final int FIRST_REALTIME = 34;
    private static final int LAST_REALTIME = 64;

    /** By number, from 1 on; the same on all processors that jns supports. */
    private static final List<String> NAMES = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    private SignalNames() {}

    /** From a name with or without SIG, or a number. */
    static OptionalInt number(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        name = name.startsWith("SIG") ? name.substring(3) : name;
        int index = NAMES.indexOf(
                switch (name) {
                    case "IOT" -> "ABRT";
                    case "CLD" -> "CHLD";
                    case "POLL" -> "IO";
                    default -> name;
                });
        if (index >= 0) {
            return OptionalInt.of(index + 1);
        }
        if (name.matches("RTMIN(\\+\\d{1,2})?")) {
            return between(FIRST_REALTIME + (name.length() > 6 ? Integer.parseInt(name.substring(6)) : 0));
        }
        if (name.matches("RTMAX(-\\d{1,2})?")) {
            return between(LAST_REALTIME - (name.length() > 6 ? Integer.parseInt(name.substring(6)) : 0));
        }
        return text.matches("\\d{1,2}") && Integer.parseInt(text) > 0 && Integer.parseInt(text) <= LAST_REALTIME
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    private static OptionalInt between(int number) {
        return number >= FIRST_REALTIME && number <= LAST_REALTIME ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
