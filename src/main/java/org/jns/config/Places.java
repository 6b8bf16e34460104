// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.List;
import org.jns.model.AbsPath;

/** The folders that jns keeps. */
public record Places(AbsPath socket, AbsPath state, AbsPath instances, AbsPath rules) {

    /** Where the empty folder and the empty file are that stand for what is hidden. */
    public AbsPath hidden() {
        return state.child("hidden");
    }

    /** Copies of the rules that were in force last. */
    public AbsPath lastGood() {
        return instances.child("last-good-rules");
    }

    /** There while rules are on trial, and from the end of a trial until other rules are confirmed. */
    public AbsPath trial() {
        return instances.child("trial");
    }

    /** The daemon's numbers, as they were when somebody asked last. */
    public AbsPath metrics() {
        return state.child("metrics");
    }

    /** What no rule may cover or use. */
    public List<AbsPath> reserved() {
        return List.of(state, instances);
    }
}
