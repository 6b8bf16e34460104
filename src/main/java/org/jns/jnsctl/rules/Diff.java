// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jns.jnsctl.output.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plans a login, and prints how its view differs from the host's. */
@Command(
        name = "diff",
        description = "Shows what a user sees differently from the host: one line for each place.",
        mixinStandardHelpOptions = true)
public final class Diff implements Callable<Integer> {
    @Mixin
    private PlannedLogin login;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PlannedLogin.Outcome outcome = login.plan();
        Explanation explanation = outcome.explanation();
        Differences differences = new Differences(
                explanation,
                Difference.all(explanation, outcome.facts(), outcome.settings().instances()));
        if (json) {
            differences.printJson(spec.commandLine().getOut());
        } else {
            differences.print(spec.commandLine().getOut());
        }
        return explanation.failed() ? ExitStatus.FAILED : 0;
    }
}
