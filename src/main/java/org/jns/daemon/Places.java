// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.List;
import org.jns.model.AbsPath;

/** The folders that jns keeps. */
record Places(AbsPath socket, AbsPath state, AbsPath instances, AbsPath rules) {

    /** Where the empty folder and the empty file are that stand for what is hidden. */
    AbsPath hidden() {
        return state.child("hidden");
    }

    /** Copies of the rules that were in force last. */
    AbsPath lastGood() {
        return instances.child("last-good-rules");
    }

    /** What no rule may cover or use. */
    List<AbsPath> reserved() {
        return List.of(state, instances);
    }
}
