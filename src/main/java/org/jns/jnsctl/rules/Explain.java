// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.io.IOException;
import org.jns.jnsctl.output.ExitStatus;
import org.jns.jnsctl.output.JsonCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Plans a login, and prints the plan. */
@Command(
        name = "explain",
        description = "Shows what a user gets at the next login: every step in order, and the rule that it comes from.")
public final class Explain extends JsonCommand {
    @Mixin
    private PlannedLogin login;

    @Override
    public Integer call() throws IOException {
        Explanation explanation = login.plan().explanation();
        if (json) {
            ExplanationJson.print(explanation, out());
        } else {
            ExplanationText.print(explanation, out());
        }
        return explanation.failed() ? ExitStatus.FAILED : 0;
    }
}
