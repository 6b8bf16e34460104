// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jns.model.Lifetime;

/**
 * The file name of a private folder in its user's folder. It is the key alone; or, if the folder belongs to one session
 * or one boot, the key with that session's or boot's number: the next one has another folder from the beginning, even
 * if the old one is not removed yet. No key begins with a dot.
 *
 * @param of the number of the session or boot; empty for the user's
 */
record FolderName(Scope scope, String of, String key) {

    enum Scope {
        USER(""),
        SESSION(".session-"),
        BOOT(".boot-");

        private final String prefix;

        Scope(String prefix) {
            this.prefix = prefix;
        }
    }

    /**
     * Prefix of the link next to a folder that says how long it is kept, and when it was used last. Without the link:
     * for ever.
     */
    private static final String NOTE = ".keep-";
    /** Prefix of the link that says how old the last use is, {@link LastUse}. */
    private static final String USE = ".used-";

    private static final Pattern NUMBERED = Pattern.compile("\\.(?:session-([0-9a-f]{16})|boot-([0-9a-f]{32}))-(.+)");

    static FolderName user(String key) {
        return new FolderName(Scope.USER, "", key);
    }

    static FolderName session(String session, String key) {
        return new FolderName(Scope.SESSION, session, key);
    }

    static FolderName boot(String boot, String key) {
        return new FolderName(Scope.BOOT, boot, key);
    }

    /** Parses the name of a file in a user's folder; empty if it has nothing to do with a lifetime. */
    static Optional<FolderName> parse(String file) {
        if (file.startsWith(NOTE)) {
            return Optional.of(user(file.substring(NOTE.length())));
        }
        Matcher numbered = NUMBERED.matcher(file);
        if (!numbered.matches()) {
            return Optional.empty();
        }
        String session = numbered.group(1);
        return Optional.of(
                session != null ? session(session, numbered.group(3)) : boot(numbered.group(2), numbered.group(3)));
    }

    String folder() {
        return scope == Scope.USER ? key : scope.prefix + of + "-" + key;
    }

    String note() {
        return NOTE + key;
    }

    String use() {
        return USE + key;
    }

    /** Whether a file of that name is a note about another file. */
    static boolean isNote(String file) {
        return file.startsWith(NOTE) || file.startsWith(USE);
    }

    /** The lifetime, as far as the name tells. */
    Optional<Lifetime> lifetime() {
        return switch (scope) {
            case USER -> Optional.empty();
            case SESSION -> Optional.of(Lifetime.SESSION);
            case BOOT -> Optional.of(Lifetime.BOOT);
        };
    }
}
