// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.requests;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jns.jnsctl.output.Host;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the daemon's numbers. */
@Command(
        name = "metrics",
        description = "Prints what the daemon has counted since its start, in the format of OpenMetrics. Needs root.",
        mixinStandardHelpOptions = true)
public final class PrintMetrics implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(DaemonNumbers.ask(new Host()).text());
        out.flush();
        return 0;
    }
}
