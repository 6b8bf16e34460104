// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** Why a login got no view although it should have one. */
public enum Cause {
    /** No such user exists, or the user database does not answer. */
    USER,
    /** The rules cannot be read. */
    RULES,
    /** No rule applies to the user, and the settings require one. */
    ADMISSION,
    /** The rules ask for something that is impossible with the existing files and folders. */
    PLAN,
    /** No mount namespace could be made. */
    NAMESPACE,
    /** A step failed. */
    MOUNT,
    /** A volume could not be mounted, or needs a password that this login does not have. */
    VOLUME,
    /** A program of a {@code run} rule failed. */
    HOOK,
    /** The session could not be recorded. */
    SESSION,
    /** Too many logins of the user wait for one another. */
    CROWD,
    /** The daemon has too many files open. */
    DESCRIPTORS,
    /** An internal error of jns. */
    INTERNAL
}
