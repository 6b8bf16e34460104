// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An absolute path in one spelling: no empty, "." or ".." component, no trailing slash, no control characters. The
 * stages of a login pass on paths only in this type.
 */
public record AbsPath(String value) implements Comparable<AbsPath> {

    public static final AbsPath ROOT = new AbsPath("/");

    /** PATH_MAX less the final NUL. */
    private static final int MAX_BYTES = 4095;
    /** NAME_MAX. */
    private static final int MAX_COMPONENT_BYTES = 255;

    /** @throws IllegalArgumentException with a message for the admin, if the text is not such a path */
    public AbsPath {
        Optional<String> complaint = complaint(value);
        if (complaint.isPresent()) {
            throw new IllegalArgumentException(complaint.get());
        }
    }

    /**
     * Reads a path as people write it: doubled and trailing slashes are accepted.
     *
     * @throws IllegalArgumentException with a message for the admin
     */
    public static AbsPath of(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("'" + Printable.of(text) + "' is not an absolute path");
        }
        StringBuilder path = new StringBuilder(text.length());
        for (String part : text.split("/")) {
            if (!part.isEmpty()) {
                path.append('/').append(part);
            }
        }
        return new AbsPath(path.length() == 0 ? "/" : path.toString());
    }

    private static Optional<String> complaint(String value) {
        if (!value.startsWith("/")) {
            return Optional.of("'" + Printable.of(value) + "' is not an absolute path");
        }
        if (isLongerThan(MAX_BYTES, value)) {
            return Optional.of("path is longer than " + MAX_BYTES + " bytes");
        }
        if (!Printable.is(value)) {
            return Optional.of("path '" + Printable.of(value) + "' has a control character");
        }
        if (value.equals("/")) {
            return Optional.empty();
        }
        for (String part : value.substring(1).split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return Optional.of("path '" + value + "' has the component '" + part + "'");
            }
            if (isLongerThan(MAX_COMPONENT_BYTES, part)) {
                return Optional.of(
                        "path '" + value + "' has a component of more than " + MAX_COMPONENT_BYTES + " bytes");
            }
        }
        return Optional.empty();
    }

    private static boolean isLongerThan(int bytes, String text) {
        // A char takes at most three bytes of UTF-8.
        return text.length() > bytes
                || text.length() > bytes / 3 && text.getBytes(StandardCharsets.UTF_8).length > bytes;
    }

    public boolean isRoot() {
        return value.equals("/");
    }

    /** Whether this path is {@code other} or lies below it. */
    public boolean isAtOrBelow(AbsPath other) {
        return equals(other) || isBelow(other);
    }

    /** Whether this path lies strictly below {@code other}. */
    public boolean isBelow(AbsPath other) {
        if (other.isRoot()) {
            return !isRoot();
        }
        return value.length() > other.value.length()
                && value.startsWith(other.value)
                && value.charAt(other.value.length()) == '/';
    }

    /** The folder that contains this path; the root's is the root. */
    public AbsPath parent() {
        int slash = value.lastIndexOf('/');
        return slash <= 0 ? ROOT : new AbsPath(value.substring(0, slash));
    }

    /** The last component; empty for the root. */
    public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    public AbsPath child(String name) {
        return new AbsPath(isRoot() ? "/" + name : value + "/" + name);
    }

    /**
     * This path with its leading {@code from} replaced by {@code to}.
     *
     * @throws IllegalArgumentException if this path is not at or below {@code from}, or the result is too long
     */
    public AbsPath rebase(AbsPath from, AbsPath to) {
        if (!isAtOrBelow(from)) {
            throw new IllegalArgumentException(this + " is not in " + from);
        }
        String rest = from.isRoot() ? value : value.substring(from.value.length());
        return of(to.value + "/" + rest);
    }

    /** The components from the root downwards; none for the root. */
    public List<String> components() {
        List<String> parts = new ArrayList<>();
        for (String part : value.split("/")) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }

    /**
     * Written by hand, like {@link #hashCode}, because the compiler's version is linked at its first use, and a login
     * would wait for that.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof AbsPath path && path.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public int compareTo(AbsPath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
