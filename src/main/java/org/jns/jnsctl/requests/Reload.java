// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.requests;

import java.util.concurrent.Callable;
import org.jns.wire.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the daemon read its rules. */
@Command(
        name = "reload",
        description =
                "Makes the daemon read its rules again. Rules with an error are not taken: the old ones stay in force."
                        + " Neither are rules that would refuse somebody whom those in force let in, without --force. Rules that are on trial stay on trial.",
        mixinStandardHelpOptions = true)
public final class Reload implements Callable<Integer> {
    @Option(
            names = "--force",
            description = "take the rules although they would refuse somebody whom those in force let in")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(DaemonCall.make(new Request.Reload(force), "reload"));
        return 0;
    }
}
