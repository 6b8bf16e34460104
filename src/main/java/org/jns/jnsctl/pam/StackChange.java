// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.pam;

import java.util.List;
import java.util.Map;

/** A change that adds the module to stacks. */
public interface StackChange {

    /** The files that will change, with their new text; empty if nothing must change. */
    Map<String, String> texts();

    /** The services whose sessions will newly call the module. */
    List<String> services();

    /** Makes the change; if it throws, everything is restored. */
    void make();

    /** Undoes the change. */
    void undo();

    /** The changes, in words for the admin. */
    String made();
}
