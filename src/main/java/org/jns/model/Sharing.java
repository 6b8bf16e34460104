// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** Which sessions share a view. */
public enum Sharing {
    /** All sessions of a user that the same rules apply to share one mount namespace. */
    USER,
    /** Each session has its own view. */
    NONE
}
