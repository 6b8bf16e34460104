// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.Locale;
import org.jns.model.Printable;

/** Makes text of an imported file safe to print. Like {@link Printable#of}, but nothing is cut and tabs stay. */
final class Shown {

    private Shown() {}

    static String of(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == '\t' || Printable.is(Character.toString(c))) {
                shown.appendCodePoint(c);
            } else {
                for (char half : Character.toChars(c)) {
                    shown.append(String.format(Locale.ROOT, "\\u%04x", (int) half));
                }
            }
        });
        return shown.toString();
    }
}
