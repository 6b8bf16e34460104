// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/**
 * The users who may enter a view from outside, by {@code jnsenter} and {@code jnsrun}, in addition to the logins that
 * it is made for.
 */
public enum Entrance {
    /** The view's user, and root. */
    OWNER,
    ROOT
}
