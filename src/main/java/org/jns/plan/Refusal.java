// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import org.jns.model.Origin;

/** Ends the planning of one login; becomes a {@link org.jns.model.Planned.Refused}. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Origin origin;

    Refusal(Origin origin, String why) {
        super(why, null, false, false);
        this.origin = origin;
    }

    Origin origin() {
        return origin;
    }
}
