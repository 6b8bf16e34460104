// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The state of the program files of jns.
 *
 * @param trouble the error of each file; an empty text if there is none
 */
public record Installation(Map<String, String> trouble, Archive archive) {
    private static final String ABOUT = "program";

    /** The JVM's archive of loaded classes. */
    public enum Archive {
        FRESH,
        NONE,
        /** It was made with another JVM or from other jars: the JVM ignores it. */
        OLD
    }

    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        trouble.forEach((file, why) -> {
            if (!why.isEmpty()) {
                findings.add(Finding.error(
                        ABOUT, file + ": " + why, "install jns again, by its package or by packaging/install"));
            }
        });
        if (archive != Archive.FRESH && findings.isEmpty()) {
            String what = archive == Archive.NONE
                    ? "the JVM has no archive of classes"
                    : "the JVM's archive of classes is of another JVM, or of other jars";
            findings.add(Finding.warning(
                    ABOUT,
                    what + ": the daemon, and a login without it, start slowly",
                    "/usr/lib/jns/launch --make-archive"));
        }
        return findings;
    }
}
