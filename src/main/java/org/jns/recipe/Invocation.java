// SPDX-License-Identifier: Apache-2.0
package org.jns.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a program was called, in the format of {@code pam-shim/jns-start/pack.c}. All texts are raw.
 *
 * @param program {@code jnsenter} or {@code jnsrun}, or {@code nsenter} or {@code unshare} to do only what those
 *     programs do
 * @param environment some variables, each as NAME=VALUE
 */
public record Invocation(String program, List<String> arguments, List<String> environment) {
    public Invocation {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /** The bytes are not a valid command line. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        public Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    /** Strings, each terminated by NUL: the program, the number of arguments, the arguments, and the variables. */
    public static Invocation read(byte[] bytes) throws Unreadable {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                words.add(Raw.of(java.util.Arrays.copyOfRange(bytes, start, i)));
                start = i + 1;
            }
        }
        if (start != bytes.length || words.size() < 2) {
            throw new Unreadable("it does not end where a text ends");
        }
        int count = number(words.get(1));
        if (count > words.size() - 2) {
            throw new Unreadable("it has fewer arguments than it says");
        }
        List<String> environment = words.subList(2 + count, words.size());
        for (String variable : environment) {
            if (variable.indexOf('=') <= 0) {
                throw new Unreadable("it has a variable without a name");
            }
        }
        return new Invocation(words.get(0), words.subList(2, 2 + count), environment);
    }

    private static int number(String text) throws Unreadable {
        boolean digits = !text.isEmpty() && text.length() <= 8;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits) {
            throw new Unreadable("it does not say how many arguments it has");
        }
        return Integer.parseInt(text);
    }

    /** The value of a variable. */
    public Optional<String> variable(String name) {
        String start = name + "=";
        for (String variable : environment) {
            if (variable.startsWith(start)) {
                return Optional.of(variable.substring(start.length()));
            }
        }
        return Optional.empty();
    }
}
