// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An option that changes the command's view; the order of these options counts.
 *
 * <p>Reasons: docs/decisions/66-root-of-a-command.md
 */
sealed interface Mounting {

    /** A folder or file in place of another. */
    record Bind(String from, String onto, boolean readOnly) implements Mounting {}

    /** A new tmpfs. */
    record Tmpfs(String onto, Optional<String> size) implements Mounting {}

    /** Empty and unreadable. */
    record Hide(String onto) implements Mounting {}

    /** The content of an encfs(1) volume, while the command runs. */
    record Encfs(String raw, String onto) implements Mounting {}

    Pattern SIZED = Pattern.compile("(.+):(\\d{1,15}[kKmMgG%]?)");

    /** @throws IllegalArgumentException if the text is not SRC:DST[:ro] */
    static Mounting bind(String text) {
        String[] parts = text.split(":", -1);
        boolean readOnly = parts.length == 3 && parts[2].equals("ro");
        if ((parts.length != 2 && !readOnly) || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new IllegalArgumentException("'" + text
                    + "' is not SRC:DST or SRC:DST:ro; a path with a colon needs a symbolic link without one");
        }
        return new Bind(parts[0], parts[1], readOnly);
    }

    /** @throws IllegalArgumentException if the text contains no folder */
    static Mounting tmpfs(String text) {
        Matcher sized = SIZED.matcher(text);
        return sized.matches()
                ? new Tmpfs(path(sized.group(1)), Optional.of(sized.group(2)))
                : new Tmpfs(path(text), Optional.empty());
    }

    /** @throws IllegalArgumentException if the text is empty */
    static Mounting hide(String text) {
        return new Hide(path(text));
    }

    /** @throws IllegalArgumentException if the text is not RAW:DST */
    static Mounting encfs(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not RAW:DST; a path with a colon needs a symbolic link without one");
        }
        return new Encfs(parts[0], parts[1]);
    }

    private static String path(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("it needs a path");
        }
        return text;
    }
}
