// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** Whose a view is. */
public enum Sharing {
    /** All sessions of a user for whom the rules select the same see one mount namespace. */
    USER,
    /** Each session has its own. */
    NONE
}
