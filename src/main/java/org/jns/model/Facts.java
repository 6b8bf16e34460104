// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Map;

/** The facts about the paths that a selection names. */
public record Facts(Map<AbsPath, Fact> byPath) {

    public Facts {
        byPath = Map.copyOf(byPath);
    }

    /** @throws IllegalStateException if nobody asked for the path, which is an internal error */
    public Fact at(AbsPath path) {
        Fact fact = byPath.get(path);
        if (fact == null) {
            throw new IllegalStateException("no fact was asked for: " + path);
        }
        return fact;
    }
}
