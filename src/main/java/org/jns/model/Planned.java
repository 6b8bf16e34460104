// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** What came of planning. */
public sealed interface Planned {

    record Ready(Plan plan) implements Planned {}

    /** Nothing is done for this login. The reason names the rule and what to do. */
    record Refused(Origin origin, String why) implements Planned {}
}
