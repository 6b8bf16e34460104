// SPDX-License-Identifier: Apache-2.0
package org.jns.recipe;

import java.util.ArrayList;
import java.util.List;

/**
 * One step of a recipe: a word with its arguments. {@code pam-shim/jns-start/ops} has a function for each, with its
 * meaning; the reader there checks every recipe against the ops that it knows before it begins.
 *
 * @param arguments raw
 */
public record Op(String word, List<String> arguments) {
    public Op {
        arguments = List.copyOf(arguments);
        for (String argument : arguments) {
            if (argument.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("argument of " + word + " has a NUL");
            }
        }
    }

    public static Op of(String word, String... arguments) {
        return new Op(word, List.of(arguments));
    }

    /** An op whose last argument is a list. */
    public static Op ofList(String word, List<String> list) {
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(list.size()));
        arguments.addAll(list);
        return new Op(word, arguments);
    }

    /** For tests and for people: approximately the words that a shell would need. */
    @Override
    public String toString() {
        return arguments.isEmpty() ? word : word + " " + String.join(" ", arguments);
    }
}
