// SPDX-License-Identifier: Apache-2.0
package org.jns.rules.ini;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jns.model.Entrance;
import org.jns.model.Printable;
import org.jns.model.Sharing;

/** Reads lists of words, and describes a word that is not in a list. */
public final class Words {

    private Words() {}

    /** The items of a comma separated list; an empty one is a problem. */
    public static List<SourceSpan> items(StrictIni.Entry entry, Problems problems) {
        SourceSpan value = entry.value();
        List<SourceSpan> items = new ArrayList<>();
        int start = 0;
        while (start <= value.text().length()) {
            int comma = value.text().indexOf(',', start);
            int end = comma < 0 ? value.text().length() : comma;
            SourceSpan item = value.part(start, end);
            if (item.text().isEmpty()) {
                problems.error(value.at(end), "empty item in the list of '" + entry.key() + "'");
            } else {
                items.add(item);
            }
            start = end + 1;
        }
        return items;
    }

    /** The value, which must be one of the words; empty after a problem. */
    public static String choice(StrictIni.Entry entry, List<String> expected, Problems problems) {
        String word = entry.value().text();
        if (expected.contains(word)) {
            return word;
        }
        problems.error(entry.value().at(), unknown("value", word, expected));
        return "";
    }

    /** The default after a problem. */
    public static Sharing sharing(StrictIni.Entry entry, Problems problems) {
        return choice(entry, List.of("user", "none"), problems).equals("none") ? Sharing.NONE : Sharing.USER;
    }

    /** The default after a problem. */
    public static Entrance entrance(StrictIni.Entry entry, Problems problems) {
        return choice(entry, List.of("owner", "root"), problems).equals("owner") ? Entrance.OWNER : Entrance.ROOT;
    }

    /** {@code unknown WHAT 'WORD' (expected one of ...)}, with the word that was probably meant. */
    public static String unknown(String what, String word, List<String> expected) {
        StringBuilder text = new StringBuilder("unknown " + what + " '" + Printable.of(word) + "' (expected ");
        text.append(expected.size() == 1 ? "" : "one of ")
                .append(String.join(", ", expected))
                .append(')');
        Optional<String> nearest = nearest(word, expected);
        return nearest.isPresent() ? text + "; did you mean '" + nearest.get() + "'?" : text.toString();
    }

    private static Optional<String> nearest(String word, List<String> expected) {
        if (word.length() > 20) {
            return Optional.empty();
        }
        Optional<String> best = Optional.empty();
        int bestDistance = 3;
        for (String candidate : expected) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate);
            if (distance < bestDistance && distance < candidate.length() - 1) {
                best = Optional.of(candidate);
                bestDistance = distance;
            }
        }
        return best;
    }

    /** The number of letters that must be added, removed or replaced. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
