// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** The rule, with its position, that a step comes from. */
public record Origin(String rule, Position at) {

    @Override
    public String toString() {
        return "[" + rule + "] " + at.file() + ":" + at.line();
    }
}
