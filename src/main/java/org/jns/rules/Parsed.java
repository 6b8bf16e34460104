// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.List;
import org.jns.model.Problem;
import org.jns.model.RuleSet;

/**
 * The content of the rules files. If there is an error among the problems, the rules are only the readable ones: for
 * display, not for a login.
 */
public record Parsed(RuleSet rules, List<Problem> problems) {

    public Parsed {
        problems = List.copyOf(problems);
    }

    public boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }
}
