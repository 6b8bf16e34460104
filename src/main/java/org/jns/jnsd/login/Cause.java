// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

/** Why a login got no view although it should have one. */
public enum Cause {
    /** There is no such user, or the user database does not answer. */
    USER,
    /** There are no rules that can be read. */
    RULES,
    /** No rule is for the user, and the settings require one. */
    ADMISSION,
    /** What the rules ask for cannot be done with what is there. */
    PLAN,
    /** There is no mount namespace to be had. */
    NAMESPACE,
    /** A step failed. */
    MOUNT,
    /** A volume could not be mounted, or wants a password that this login has not. */
    VOLUME,
    /** A program of a {@code run} rule failed. */
    HOOK,
    /** The session could not be recorded. */
    SESSION,
    /** Too many logins of the user wait for each other. */
    CROWD,
    /** The daemon has too many files open. */
    DESCRIPTORS,
    /** A fault of ours. */
    INTERNAL
}
