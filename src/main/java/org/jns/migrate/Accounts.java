// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

/**
 * This machine, as far as the old modules went by it: who exists, and what. Decides which remarks there are, and whether a line that did
 * nothing here, or something else than on other machines, has a rule.
 */
public interface Accounts {

    boolean hasUser(String name);

    boolean hasGroup(String name);

    /** Whether there is a file at the path, of any kind. */
    boolean hasFile(String path);

    /** Whether somebody other than root can change what is in the folder; false if it is not there. */
    boolean isOpenToUsers(String folder);

    /** Whether the kernel has SELinux on, enforcing or not. */
    boolean hasSelinux();
}
