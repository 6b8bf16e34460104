// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.requests;

import java.util.concurrent.Callable;
import org.jns.wire.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes the daemon take its rules on trial. */
@Command(
        name = "try",
        description =
                "Makes the daemon take its rules on trial: unless jnsctl confirm follows in time, those before come back by themselves."
                        + " Rules that would refuse somebody whom those in force let in are not taken without --force.",
        mixinStandardHelpOptions = true)
public final class Try implements Callable<Integer> {
    @Option(names = "--minutes", paramLabel = "N", description = "for how long, 1 to 120 (default: ${DEFAULT-VALUE})")
    private int minutes = 5;

    @Option(
            names = "--force",
            description = "take the rules although they would refuse somebody whom those in force let in")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (minutes < 1 || minutes > Request.Try.MOST_MINUTES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--minutes " + minutes + " is not a number from 1 to " + Request.Try.MOST_MINUTES);
        }
        spec.commandLine().getOut().println(DaemonCall.make(new Request.Try(minutes, force), "try"));
        return 0;
    }
}
