// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

/** Who exists on this machine. Decides which remarks there are, never what a rule says. */
public interface Accounts {

    boolean hasUser(String name);

    boolean hasGroup(String name);
}
