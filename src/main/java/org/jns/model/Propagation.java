// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/**
 * What happens to mounts that the host makes later inside what a step shows. Mounts made in the view never reach the
 * host.
 */
public enum Propagation {
    /** They appear in the view too. */
    SLAVE,
    /** They do not appear in the view. */
    PRIVATE
}
