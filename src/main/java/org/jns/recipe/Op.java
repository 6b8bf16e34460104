// SPDX-License-Identifier: Apache-2.0
package org.jns.recipe;

import java.util.ArrayList;
import java.util.List;

/**
 * One step of a recipe: a word, and arguments that fit it. {@code pam-shim/jns-start/ops} has a function for each, with what it means; the reader
 * there holds every recipe against the ops that it knows before it begins.
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

    /** One whose last argument is a list. */
    public static Op ofList(String word, List<String> list) {
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(list.size()));
        arguments.addAll(list);
        return new Op(word, arguments);
    }

    /** For tests and for people: what it would be as a shell's words, near enough. */
    @Override
    public String toString() {
        return arguments.isEmpty() ? word : word + " " + String.join(" ", arguments);
    }
}
