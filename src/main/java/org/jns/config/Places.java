// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.List;
import org.jns.model.AbsPath;

/** The folders that jns uses. */
public record Places(AbsPath socket, AbsPath state, AbsPath instances, AbsPath rules) {

    /** The folder with the empty folder and the empty file that cover hidden targets. */
    public AbsPath hidden() {
        return state.child("hidden");
    }

    /** The copy of the confirmed rules. */
    public AbsPath lastGood() {
        return instances.child("last-good-rules");
    }

    /** Exists while rules are on trial, and from the end of a trial until other rules are confirmed. */
    public AbsPath trial() {
        return instances.child("trial");
    }

    /** The daemon's numbers at the last request. */
    public AbsPath metrics() {
        return state.child("metrics");
    }

    /** The folders that no rule may cover or use. */
    public List<AbsPath> reserved() {
        return List.of(state, instances);
    }
}
