// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Locale;

/** What a proc shows of other users' processes, according to proc(5). */
public enum HidePid {
    /** Their existence, but not what they do. */
    NOACCESS,
    /** Nothing. */
    INVISIBLE,
    /** Only those that the reader may trace. */
    PTRACEABLE;

    /** The word in a rules file and for the kernel. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
