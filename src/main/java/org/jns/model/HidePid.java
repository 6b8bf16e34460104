// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Locale;

/** What a proc shows of other users' processes, as proc(5) has it. */
public enum HidePid {
    /** That there are such, but not what they do. */
    NOACCESS,
    /** Nothing. */
    INVISIBLE,
    /** Nothing of what may not be traced. */
    PTRACEABLE;

    /** In a rules file and to the kernel. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
