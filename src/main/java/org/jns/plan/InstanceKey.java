// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.nio.charset.StandardCharsets;
import org.jns.model.AbsPath;
import org.jns.model.Printable;

/** The name of the folder below the user's own that is shown at a target. Different targets have different names. */
final class InstanceKey {
    /** NAME_MAX, less room for the name that it has while it is made. */
    private static final int MAX_LENGTH = 200;
    /** What else is in the user's folder: the record of whose it is. */
    private static final String TAKEN = "owner";

    private InstanceKey() {}

    /** Of a folder that targets share. Behind % a target's name has two digits, so that no target has this one. */
    static String shared(String name) {
        return "%share-" + name;
    }

    /** Of what is changed in an overlay. */
    static String changes(AbsPath target) {
        return "%overlay-" + of(target);
    }

    /** {@code /var/tmp} is {@code var-tmp}; what would be ambiguous is written as %XX. */
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
        // Not a secret, and two long targets of one user that collide would need an admin who writes them.
        return key.substring(0, MAX_LENGTH - 17) + "%-"
                + Integer.toHexString(target.value().hashCode());
    }
}
