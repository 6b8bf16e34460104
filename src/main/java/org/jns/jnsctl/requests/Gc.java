// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.requests;

import java.util.concurrent.Callable;
import org.jns.wire.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes the daemon look immediately for views and private folders to remove. */
@Command(
        name = "gc",
        description =
                "Makes the daemon remove views that nobody is in, and private folders whose time has come, now instead of when it looks next.",
        mixinStandardHelpOptions = true)
public final class Gc implements Callable<Integer> {
    /** The daemon looks at every process, with the lowest priority. */
    private static final long ANSWER_WITHIN_MS = 120_000;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(DaemonCall.make(new Request.Gc(), "clean up", ANSWER_WITHIN_MS));
        return 0;
    }
}
