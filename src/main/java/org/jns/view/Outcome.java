// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.List;
import org.jns.Nullable;
import org.jns.linux.Fd;
import org.jns.model.Step;

/** The result of carrying out a plan. */
public sealed interface Outcome {

    /**
     * @param namespace the caller closes it
     * @param warnings for the log
     */
    record Applied(Fd namespace, int mounts, List<String> warnings) implements Outcome {}

    /**
     * The namespace is half-made, and no session may get it.
     *
     * @param step null if all steps were carried out, and the namespace could not be opened then
     */
    record Failed(@Nullable Step step, String why) implements Outcome {}
}
