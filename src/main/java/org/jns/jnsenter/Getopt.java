// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads options like getopt_long(3), because jnsenter must understand command lines for nsenter(1): long ones may be
 * abbreviated, an optional value must be attached, and a cluster of letters ends with the first that takes a value.
 * Reads one option or operand at a time, so that the caller can stop before the command.
 *
 * <p>Reasons: docs/decisions/63-own-nsenter.md
 */
final class Getopt {

    /** Whether an option has a value. */
    enum Value {
        NONE,
        /** Attached or the next argument. */
        NEEDED,
        /** Attached only. */
        ATTACHED,
        /** Attached to the long name only, or the next argument if that is a NAME=VALUE. */
        VARIABLE
    }

    /**
     * One option.
     *
     * @param letter 0 if it has none
     */
    record Option(char letter, String name, Value value) {
        String shown() {
            return "--" + name;
        }
    }

    /** An option with its value, or an operand. */
    record Item(Optional<Option> option, Optional<String> value) {
        private static Item of(Option option, Optional<String> value) {
            return new Item(Optional.of(option), value);
        }

        String text() {
            return value.orElse("");
        }
    }

    /** The arguments are invalid; the message gives the reason. */
    static final class Misuse extends Exception {
        private static final long serialVersionUID = 1L;

        Misuse(String message) {
            super(message, null, false, false);
        }
    }

    private final List<Option> options;
    private final List<String> arguments;
    private int next;
    /** The rest of a cluster of letters. */
    private String cluster = "";

    private boolean onlyOperands;

    Getopt(List<Option> options, List<String> arguments) {
        this.options = options;
        this.arguments = arguments;
    }

    /** Empty at the end. After {@code --} everything is an operand. */
    Optional<Item> next() throws Misuse {
        if (!cluster.isEmpty()) {
            return Optional.of(letter());
        }
        if (next == arguments.size()) {
            return Optional.empty();
        }
        String argument = arguments.get(next++);
        if (!onlyOperands && argument.equals("--")) {
            onlyOperands = true;
            return next();
        }
        if (onlyOperands || argument.length() < 2 || argument.charAt(0) != '-') {
            return Optional.of(new Item(Optional.empty(), Optional.of(argument)));
        }
        if (argument.startsWith("--")) {
            return Optional.of(longOption(argument.substring(2)));
        }
        cluster = argument.substring(1);
        return Optional.of(letter());
    }

    /** The remaining arguments. */
    List<String> rest() {
        return new ArrayList<>(arguments.subList(next, arguments.size()));
    }

    private Item letter() throws Misuse {
        char letter = cluster.charAt(0);
        String following = cluster.substring(1);
        cluster = "";
        for (Option option : options) {
            if (option.letter() == letter) {
                return withLetter(option, following);
            }
        }
        throw new Misuse("unknown option -" + letter);
    }

    private Item withLetter(Option option, String following) throws Misuse {
        boolean takesValue = option.value() == Value.NEEDED || option.value() == Value.ATTACHED;
        if (!takesValue) {
            cluster = following;
            return Item.of(option, Optional.empty());
        }
        if (option.value() == Value.ATTACHED) {
            return Item.of(
                    option,
                    following.isEmpty()
                            ? Optional.empty()
                            : Optional.of(following.startsWith("=") ? following.substring(1) : following));
        }
        return Item.of(option, Optional.of(following.isEmpty() ? nextArgument("-" + option.letter()) : following));
    }

    private String nextArgument(String shown) throws Misuse {
        if (next == arguments.size()) {
            throw new Misuse("option " + shown + " needs a value");
        }
        return arguments.get(next++);
    }

    private Item longOption(String text) throws Misuse {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        Optional<String> value = equals < 0 ? Optional.empty() : Optional.of(text.substring(equals + 1));
        Option option = find(name);
        if (option.value() == Value.NONE && value.isPresent()) {
            throw new Misuse("option " + option.shown() + " takes no value");
        }
        if (option.value() == Value.NEEDED && value.isEmpty()) {
            value = Optional.of(nextArgument(option.shown()));
        }
        if (option.value() == Value.VARIABLE
                && value.isEmpty()
                && next < arguments.size()
                && isVariable(arguments.get(next))) {
            value = Optional.of(arguments.get(next++));
        }
        return Item.of(option, value);
    }

    private Option find(String name) throws Misuse {
        List<Option> meant = new ArrayList<>();
        for (Option option : options) {
            if (option.name().equals(name)) {
                return option;
            }
            if (option.name().startsWith(name)) {
                meant.add(option);
            }
        }
        if (meant.size() == 1) {
            return meant.get(0);
        }
        throw new Misuse(
                meant.isEmpty() ? "unknown option --" + name : "option --" + name + " could be " + shown(meant));
    }

    private static String shown(List<Option> options) {
        List<String> names = new ArrayList<>();
        for (Option option : options) {
            names.add(option.shown());
        }
        return String.join(" or ", names);
    }

    /** Whether a shell would read it as an assignment. */
    static boolean isVariable(String text) {
        int equals = text.indexOf('=');
        for (int i = 0; i < equals; i++) {
            char c = text.charAt(i);
            boolean letter = c == '_' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            if (!letter && !(i > 0 && c >= '0' && c <= '9')) {
                return false;
            }
        }
        return equals > 0;
    }
}
