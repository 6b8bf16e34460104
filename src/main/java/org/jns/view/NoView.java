// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.Optional;
import org.jns.model.Cause;
import org.jns.model.Origin;
import org.jns.model.Verdict;
import org.jns.plan.Verdicts;

/** A user gets no view; the message says why. One place makes an answer of it. */
public final class NoView extends Exception {
    private static final long serialVersionUID = 1L;

    // Never serialized, as no exception of ours is.
    private final transient Optional<Origin> origin;
    private final transient Optional<Verdict> decided;
    private final Cause cause;

    private NoView(Cause cause, Optional<Origin> origin, String why, Optional<Verdict> decided) {
        super(why, null, false, false);
        this.cause = cause;
        this.origin = origin;
        this.decided = decided;
    }

    /** The view cannot be made, and no rule is at fault. */
    public NoView(Cause cause, String why) {
        this(cause, Optional.empty(), why, Optional.empty());
    }

    /**
     * The view cannot be made.
     *
     * @param origin of the rule at fault; empty if no rule is
     */
    public NoView(Cause cause, Optional<Origin> origin, String why) {
        this(cause, origin, why, Optional.empty());
    }

    /** The rules and the settings decide against a view; the cause counts only if they should have given one. */
    public NoView(Cause cause, Verdict decided) {
        this(cause, Optional.empty(), "", Optional.of(decided));
    }

    public Cause cause() {
        return cause;
    }

    /** What the login comes to now: a refusal, or the host's view. */
    public Verdict verdict(Verdicts verdicts) {
        return decided.isPresent() ? decided.get() : verdicts.failed(origin, getMessage());
    }

    /** For the user of a command: names the rule at fault. */
    public String text() {
        return origin.isPresent() ? "rule " + origin.get() + ": " + getMessage() : getMessage();
    }
}
