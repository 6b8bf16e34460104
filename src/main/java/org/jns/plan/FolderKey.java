// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.nio.charset.StandardCharsets;
import org.jns.model.AbsPath;
import org.jns.model.Printable;

/**
 * The name of the private folder that is shown at a target, in the user's folder. Different targets have different
 * names.
 */
final class FolderKey {
    /** NAME_MAX, minus room for the name of the draft. */
    private static final int MAX_LENGTH = 200;
    /** The other file in the user's folder: the record of its owner. */
    private static final String TAKEN = "owner";

    private FolderKey() {}

    /** For a folder that targets share. After % a target's name has two digits, so that no target has this name. */
    static String shared(String name) {
        return "%share-" + name;
    }

    /** For the changes of an overlay. */
    static String changes(AbsPath target) {
        return "%overlay-" + of(target);
    }

    /** {@code /var/tmp} becomes {@code var-tmp}; ambiguous characters are written as %XX. */
    static String of(AbsPath target) {
        StringBuilder key = new StringBuilder();
        for (String part : target.components()) {
            key.append(key.length() == 0 ? "" : "-");
            for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
                char c = (char) (b & 0xff);
                boolean plain = c > ' ' && c < 0x7f && c != '-' && c != '%' && !(c == '.' && key.length() == 0);
                key.append(plain ? String.valueOf(c) : "%" + Printable.hex(c, 2));
            }
        }
        if (key.toString().equals(TAKEN)) {
            return "%6f" + TAKEN.substring(1);
        }
        if (key.length() <= MAX_LENGTH) {
            return key.toString();
        }
        // Not a secret, and a collision of two long targets of one user would require an admin who writes them on
        // purpose.
        return key.substring(0, MAX_LENGTH - 17) + "%-"
                + Integer.toHexString(target.value().hashCode());
    }
}
