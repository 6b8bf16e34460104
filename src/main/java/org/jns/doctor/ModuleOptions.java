// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The options after pam_jns.so on its line, read like the module reads them, pam_jns(8).
 *
 * @param socket the daemon's socket
 * @param once the program that it starts if nobody listens; empty for none
 * @param wrong the first invalid option, with what is expected; empty if there is none
 */
public record ModuleOptions(String socket, Optional<String> once, boolean letsInOnError, Optional<String> wrong) {
    private static final int LONGEST_SOCKET = 107;
    private static final int LONGEST_TIMEOUT = 300;

    /** After an error the module reads the other options only to report their errors. */
    public static ModuleOptions parse(List<String> words) {
        String socket = "/run/jns/jnsd.sock";
        Optional<String> once = Optional.of("/usr/sbin/jnsd");
        boolean letsIn = false;
        for (String word : words) {
            String value = word.substring(word.indexOf('=') + 1);
            Optional<String> wrong = trouble(word, value).map(expected -> word + ": " + expected);
            if (wrong.isPresent()) {
                return new ModuleOptions(socket, once, letsIn, wrong);
            }
            if (word.startsWith("socket=")) {
                socket = value;
            } else if (word.startsWith("once=")) {
                once = value.equals("off") ? Optional.empty() : Optional.of(value);
            } else if (word.startsWith("on_error=")) {
                letsIn = value.equals("allow");
            }
        }
        return new ModuleOptions(socket, once, letsIn, Optional.empty());
    }

    private static Optional<String> trouble(String word, String value) {
        if (word.equals("debug")) {
            return Optional.empty();
        } else if (word.startsWith("socket=")) {
            boolean fits = value.getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET;
            return unless(isFile(value) && fits, "expected socket=/PATH of at most " + LONGEST_SOCKET + " bytes");
        } else if (word.startsWith("timeout=")) {
            boolean number = value.matches("[0-9]{1,3}")
                    && Integer.parseInt(value) >= 1
                    && Integer.parseInt(value) <= LONGEST_TIMEOUT;
            return unless(number, "expected timeout=SECONDS, 1 to " + LONGEST_TIMEOUT);
        } else if (word.startsWith("on_error=")) {
            return unless(value.equals("allow") || value.equals("deny"), "expected on_error=deny or on_error=allow");
        } else if (word.startsWith("once=")) {
            return unless(value.equals("off") || isFile(value), "expected once=/PATH or once=off");
        }
        return Optional.of("expected one of socket= timeout= debug on_error= once=");
    }

    private static boolean isFile(String path) {
        return path.startsWith("/") && path.length() > 1 && !path.endsWith("/");
    }

    private static Optional<String> unless(boolean good, String expected) {
        return good ? Optional.empty() : Optional.of(expected);
    }
}
