// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.List;
import org.jns.model.Admission;
import org.jns.model.Entrance;
import org.jns.model.Matcher;
import org.jns.model.Problem;
import org.jns.model.Sharing;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.StrictIni;
import org.jns.rules.ini.Words;

/** Interprets the section {@code [policy]} of the settings. */
public final class AdmissionReader {

    private static final String MUST_MATCH = "must-match";
    private static final String ALLOW = "on-error-allow";
    private static final String SHARE = "share";
    private static final String ENTER = "enter";
    private static final String ROOT = "root";
    static final List<String> KEYS = List.of(MUST_MATCH, ALLOW, SHARE, ENTER, ROOT);

    /** If there is an error among the problems, the wrong value is left out. */
    public record Read(Admission admission, List<Problem> problems) {}

    private AdmissionReader() {}

    public static Read read(StrictIni.Section section) {
        Problems problems = new Problems();
        for (StrictIni.Entry entry : section.entries().values()) {
            if (!KEYS.contains(entry.key())) {
                problems.error(entry.keyAt(), Words.unknown("key", entry.key(), KEYS));
            }
        }
        StrictIni.Entry share = section.entries().get(SHARE);
        StrictIni.Entry enter = section.entries().get(ENTER);
        StrictIni.Entry root = section.entries().get(ROOT);
        Admission admission = new Admission(
                list(section, MUST_MATCH, problems),
                list(section, ALLOW, problems),
                share == null ? Sharing.USER : Words.sharing(share, problems),
                enter == null ? Entrance.ROOT : Words.entrance(enter, problems),
                root != null
                        && Words.choice(root, List.of("inherit", "host"), problems)
                                .equals("host"));
        return new Read(admission, problems.inFileOrder());
    }

    private static List<Matcher> list(StrictIni.Section section, String key, Problems problems) {
        StrictIni.Entry entry = section.entries().get(key);
        return entry == null ? List.of() : Selectors.read(entry, problems);
    }
}
