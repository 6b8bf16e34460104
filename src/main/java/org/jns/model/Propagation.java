// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** What becomes of the mounts that the host makes later in what a step shows. Mounts made in the view never reach the host. */
public enum Propagation {
    /** They appear in the view too. */
    SLAVE,
    /** They do not. */
    PRIVATE
}
