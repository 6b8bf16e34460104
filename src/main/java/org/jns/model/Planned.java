// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** The result of planning. */
public sealed interface Planned {

    record Ready(Plan plan) implements Planned {}

    /** Nothing is done for this login. The reason names the rule and the remedy. */
    record Refused(Origin origin, String why) implements Planned {}
}
