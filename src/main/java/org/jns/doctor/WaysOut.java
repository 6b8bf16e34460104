// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.Directive;
import org.jns.model.PathTemplate;
import org.jns.model.Rule;
import org.jns.model.RuleSet;

/**
 * Programs with more rights than their callers that enter the mount namespace of process 1, which setns(2) allows root:
 * users who may run one can leave the view.
 *
 * @param programs those of {@link #KNOWN} that are on this machine
 */
public record WaysOut(List<String> programs) {
    /** snap-confine makes the mounts of each snap from the host's; its path depends on the distribution. */
    public static final List<String> KNOWN = List.of("/usr/lib/snapd/snap-confine", "/usr/libexec/snapd/snap-confine");

    private static final String ABOUT = "program";

    public WaysOut {
        programs = List.copyOf(programs);
    }

    /** The consequences for these rules: users can get around those that hide something. */
    public List<Finding> findings(RuleSet rules) {
        List<Finding> findings = new ArrayList<>();
        for (String program : programs) {
            Optional<Rule> around =
                    rules.rules().stream().filter(WaysOut::takesAway).findFirst();
            boolean isHidden = rules.rules().stream().anyMatch(rule -> hides(rule, program));
            if (around.isPresent() && !isHidden) {
                Rule rule = around.get();
                findings.add(Finding.warning(
                        ABOUT,
                        program + " moves the user who runs it out of the view, to the host's mounts: rule ["
                                + rule.name()
                                + "] " + rule.at().file() + ":" + rule.at().line()
                                + ", and others that hide or protect something, do not hold for what it starts",
                        "remove snapd, or hide " + program
                                + " and /snap from the same users by a rule with action = hide"));
            }
        }
        return findings;
    }

    private static boolean takesAway(Rule rule) {
        return rule.directive() instanceof Directive.Hide || rule.directive() instanceof Directive.ReadOnly;
    }

    private static boolean hides(Rule rule, String program) {
        return rule.directive() instanceof Directive.Hide hide
                && hide.targets().stream().map(PathTemplate::text).anyMatch(program::equals);
    }
}
