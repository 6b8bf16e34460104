// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.Origin;

/** A target request with its target after the links on the way are followed. */
record ResolvedTarget(TargetRequest request, AbsPath target) {

    Origin origin() {
        return request.origin();
    }

    private String describe() {
        return request.directive().describe(target, request.shown());
    }

    Refusal refusal(String why) {
        return new Refusal(origin(), "cannot " + describe() + ": " + why);
    }

    /** A required file is missing, and the rule does not allow that. */
    Refusal missing(String what, String advice) {
        return new Refusal(origin(), "cannot " + describe() + ": " + what + advice, Optional.of(what));
    }
}
