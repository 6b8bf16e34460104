// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.requests;

import java.util.concurrent.Callable;
import org.jns.wire.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes the daemon keep the rules that are on trial. */
@Command(name = "confirm", description = "Keeps the rules that are on trial.", mixinStandardHelpOptions = true)
public final class Confirm implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(DaemonCall.make(new Request.Confirm(), "confirm"));
        return 0;
    }
}
