// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.nio.charset.StandardCharsets;
import org.jns.rules.ini.RulesSource;

/** The formats that can be imported. */
public enum Format {
    PAM_NAMESPACE("pam-namespace"),
    PAM_MOUNT("pam-mount");

    private final String word;

    Format(String word) {
        this.word = word;
    }

    /**
     * Decided by the beginning of the file: XML has a less-than sign there, and no line of pam_namespace can begin with
     * one.
     */
    public static Format of(RulesSource source) {
        String text = new String(source.bytes(), StandardCharsets.UTF_8)
                .replaceFirst("^\ufeff", "")
                .stripLeading();
        return text.startsWith("<") ? PAM_MOUNT : PAM_NAMESPACE;
    }

    /** The word on the command line. */
    @Override
    public String toString() {
        return word;
    }
}
