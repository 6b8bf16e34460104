// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

/**
 * Facts about this machine that the old modules depended on. They decide about remarks, and whether a line that had no
 * effect here, or another one than on other machines, becomes a rule.
 */
public interface Accounts {

    boolean hasUser(String name);

    boolean hasGroup(String name);

    /** Whether a file of any type exists at the path. */
    boolean hasFile(String path);

    /** Whether users other than root can change the content of the folder; false if it is missing. */
    boolean isOpenToUsers(String folder);

    /** Whether the kernel has SELinux on, enforcing or not. */
    boolean hasSelinux();
}
