// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.io.IOException;
import org.jns.jnsctl.output.ExitStatus;
import org.jns.jnsctl.output.JsonCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Plans a login, and prints how its view differs from the host's. */
@Command(name = "diff", description = "Shows what a user sees differently from the host: one line for each place.")
public final class Diff extends JsonCommand {
    @Mixin
    private PlannedLogin login;

    @Override
    public Integer call() throws IOException {
        PlannedLogin.Outcome outcome = login.plan();
        Explanation explanation = outcome.explanation();
        Differences differences = new Differences(
                explanation,
                Difference.all(explanation, outcome.facts(), outcome.settings().instances()));
        if (json) {
            differences.printJson(out());
        } else {
            differences.print(out());
        }
        return explanation.failed() ? ExitStatus.FAILED : 0;
    }
}
