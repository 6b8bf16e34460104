// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.pam;

import java.util.List;
import java.util.Map;

/** Puts the module into stacks. */
public interface StackChange {

    /** The files that will be other ones, with the text that they will have; nothing where all is as it should be. */
    Map<String, String> texts();

    /** By which services sessions will call the module that do not now. */
    List<String> services();

    /** Does it; or throws, and all is as it was. */
    void make();

    /** Takes it back. */
    void undo();

    /** What has been done, for the admin. */
    String made();
}
