// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.Optional;
import org.jns.model.Origin;

/** Ends the planning of one login; it becomes a {@link org.jns.model.Planned.Refused}. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Origin origin;
    private final transient Optional<String> missing;

    Refusal(Origin origin, String why) {
        this(origin, why, Optional.empty());
    }

    Refusal(Origin origin, String why, Optional<String> missing) {
        super(why, null, false, false);
        this.origin = origin;
        this.missing = missing;
    }

    Origin origin() {
        return origin;
    }

    /** If the reason is a missing file: its description in a few words. */
    Optional<String> missing() {
        return missing;
    }
}
