// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** A position in a rules file. Line and column count from 1. */
public record Position(String file, int line, int column) {

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
