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

/** Plans a login, and prints the plan. */
@Command(
        name = "explain",
        description = "Shows what a user gets at the next login: every step in order, and the rule that it comes from.",
        mixinStandardHelpOptions = true)
public final class Explain implements Callable<Integer> {
    @Mixin
    private PlannedLogin login;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Explanation explanation = login.plan().explanation();
        if (json) {
            ExplanationJson.print(explanation, spec.commandLine().getOut());
        } else {
            ExplanationText.print(explanation, spec.commandLine().getOut());
        }
        return explanation.failed() ? ExitStatus.FAILED : 0;
    }
}
