// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A path in a rules file, with variables of the subject. {@code ${home}} is a whole path: it can only be at the
 * beginning, followed by a slash or nothing.
 */
public record PathTemplate(String text, List<Part> parts) {

    /** Literal text, or a variable. */
    public sealed interface Part {}

    public record Literal(String text) implements Part {}

    public record Reference(Variable variable) implements Part {}

    /** All variables that a rules file may use. */
    public enum Variable {
        USER,
        UID,
        GID,
        GROUP,
        HOME,
        SERVICE;

        static Optional<Variable> named(String name) {
            for (Variable v : values()) {
                if (v.name().equals(name.toUpperCase(java.util.Locale.ROOT))
                        && name.equals(name.toLowerCase(java.util.Locale.ROOT))) {
                    return Optional.of(v);
                }
            }
            return Optional.empty();
        }
    }

    public PathTemplate {
        parts = List.copyOf(parts);
    }

    /** The error in a path, and its offset in characters, counted from 0. */
    public static final class SyntaxError extends Exception {
        private static final long serialVersionUID = 1L;
        private final int offset;

        SyntaxError(int offset, String message) {
            super(message);
            this.offset = offset;
        }

        public int offset() {
            return offset;
        }
    }

    /** A path without variables. */
    public static PathTemplate constant(String path) {
        return new PathTemplate(path, List.of(new Literal(path)));
    }

    public static PathTemplate parse(String text) throws SyntaxError {
        PathTemplate template = new PathTemplate(text, parts(text, true));
        template.checkShape();
        return template;
    }

    /** @param path whether the text must become a path */
    static List<Part> parts(String text, boolean path) throws SyntaxError {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int dollar = text.indexOf('$', at);
            if (dollar < 0) {
                parts.add(new Literal(text.substring(at)));
                break;
            }
            if (dollar > at) {
                parts.add(new Literal(text.substring(at, dollar)));
            }
            int end = text.indexOf('}', dollar);
            if (dollar + 1 >= text.length() || text.charAt(dollar + 1) != '{' || end < 0) {
                throw new SyntaxError(
                        dollar, "a variable is written ${name}; names are user, uid, gid, group, home, service");
            }
            String name = text.substring(dollar + 2, end);
            Optional<Variable> known = Variable.named(name);
            if (known.isEmpty()) {
                throw new SyntaxError(
                        dollar,
                        "unknown variable '${" + Printable.of(name)
                                + "}' (expected one of user, uid, gid, group, home, service)");
            }
            Variable variable = known.get();
            if (path && variable == Variable.HOME && dollar != 0) {
                throw new SyntaxError(dollar, "${home} is an absolute path and can only stand at the beginning");
            }
            parts.add(new Reference(variable));
            at = end + 1;
            if (path && variable == Variable.HOME && at < text.length() && text.charAt(at) != '/') {
                throw new SyntaxError(
                        at, "expected '/' or nothing after ${home}: this names another folder next to it");
            }
        }
        return parts;
    }

    /** Expands with harmless values, so that a bad path is found when the file is read and not at a login. */
    private void checkShape() throws SyntaxError {
        try {
            expand(new Subject("u", 1, 1, "g", Set.of(), "/h", "", "s", ""));
        } catch (IllegalArgumentException e) {
            throw new SyntaxError(0, e.getMessage());
        }
    }

    public boolean isConstant() {
        return variables().isEmpty();
    }

    public Set<Variable> variables() {
        Set<Variable> found = EnumSet.noneOf(Variable.class);
        for (Part part : parts) {
            if (part instanceof Reference reference) {
                found.add(reference.variable());
            }
        }
        return found;
    }

    /**
     * @throws IllegalArgumentException with a message for the journal, if the subject's values make no path
     */
    public AbsPath expand(Subject subject) {
        return AbsPath.of(joined(parts, subject));
    }

    static String joined(List<Part> parts, Subject subject) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Literal literal) {
                text.append(literal.text());
            } else {
                text.append(value(((Reference) part).variable(), subject));
            }
        }
        return text.toString();
    }

    private static String value(Variable variable, Subject subject) {
        return switch (variable) {
            case USER -> oneComponent("user name", subject.user());
            case GROUP -> oneComponent("group", subject.group());
            case SERVICE -> oneComponent("service", subject.service());
            case UID -> Long.toString(subject.uid());
            case GID -> Long.toString(subject.gid());
            case HOME -> home(subject);
        };
    }

    private static String oneComponent(String what, String value) {
        if (value.isEmpty() || value.indexOf('/') >= 0 || value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException(what + " '" + Printable.of(value) + "' cannot be part of a path");
        }
        return value;
    }

    private static String home(Subject subject) {
        AbsPath home;
        try {
            home = AbsPath.of(subject.home());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("home folder of " + subject.user() + " is unusable: " + e.getMessage());
        }
        if (home.isRoot()) {
            throw new IllegalArgumentException("home folder of " + subject.user() + " is /");
        }
        return home.value();
    }

    @Override
    public String toString() {
        return text;
    }
}
