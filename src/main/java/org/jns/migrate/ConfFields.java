// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.ArrayList;
import java.util.List;

/**
 * The fields of one line of namespace.conf(5), split like pam_namespace does: at white space, unless it is quoted or
 * follows a backslash.
 *
 * @param unclosedQuote whether a quote has no end, which is no error there
 */
record ConfFields(List<String> fields, boolean unclosedQuote) {

    ConfFields {
        fields = List.copyOf(fields);
    }

    static ConfFields of(String text) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = null;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (field == null) {
                if (isSpace(c)) {
                    continue;
                }
                field = new StringBuilder();
            }
            if (quoted) {
                // A backslash means nothing between quotes.
                if (c == '"') {
                    quoted = false;
                } else {
                    field.append(c);
                }
            } else if (isSpace(c)) {
                fields.add(field.toString());
                field = null;
            } else if (c == '"') {
                quoted = true;
            } else if (c == '\\' && i + 1 < text.length()) {
                i++;
                field.append(escaped(text.charAt(i)));
            } else {
                field.append(c);
            }
        }
        if (field != null) {
            fields.add(field.toString());
        }
        return new ConfFields(fields, quoted);
    }

    private static char escaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'b' -> '\b';
            default -> c;
        };
    }

    /** Like isspace(3) in the C locale. */
    static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
