// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.util.Optional;
import org.jns.config.LastSettings;
import org.jns.config.Policy;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.config.Subjects;
import org.jns.jnsctl.output.Host;
import org.jns.linux.NameService;
import org.jns.model.Facts;
import org.jns.model.Planned;
import org.jns.model.Printable;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.plan.Planner;
import org.jns.rules.RuleMatcher;
import org.jns.view.FactsProbe;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Plans a login with the code that logs in. The commands that plan a login share this. */
final class PlannedLogin {
    @Parameters(paramLabel = "USER", description = "who would log in")
    private String user;

    @Option(
            names = "--service",
            paramLabel = "SERVICE",
            description = "by which PAM service (default: ${DEFAULT-VALUE})")
    private String service = "login";

    @Option(names = "--tty", paramLabel = "TTY", description = "on which terminal (default: none)")
    private String tty = "";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** @param facts that the plan is based on */
    record Outcome(Settings settings, Explanation explanation, Facts facts) {}

    Outcome plan() {
        Host host = new Host();
        Settings settings = host.settings();
        new LastSettings(host.sys)
                .note(settings)
                .ifPresent(note -> spec.commandLine().getErr().println("jnsctl: " + note));
        NameService names = new NameService();
        Policy policy = Policy.ask(Optional.of(rules(host, settings)), settings.admission(), names, host.sys);
        Subject subject;
        try {
            subject = new Subjects(names, host.sys).of(user, service, tty, policy);
        } catch (Subjects.Unknown e) {
            throw failure(Printable.of(user) + ": " + e.getMessage());
        }
        Selection selection = RuleMatcher.select(policy.rules().orElseThrow(), subject);
        try (FactsProbe probe = new FactsProbe(host.sys)) {
            Facts facts = probe.examine(Planner.questions(selection, subject));
            Planned planned =
                    Planner.plan(selection, subject, facts, settings.places().reserved());
            return new Outcome(settings, Explanation.of(subject, selection, policy.admission(), planned), facts);
        }
    }

    /** The rules of a daemon that would start now: not always those in the files. */
    private RuleSet rules(Host host, Settings settings) {
        RulesFolder.InForce inForce = new RulesFolder(host.sys, settings).atStart();
        inForce.note().ifPresent(note -> spec.commandLine().getErr().println("jnsctl: " + note));
        return inForce.rules()
                .orElseThrow(() -> failure(Printable.of(user)
                        + ": the rules have errors (run: jnsctl check), and there are no older ones"));
    }

    private Host.Failure failure(String why) {
        return new Host.Failure("cannot " + spec.name() + " " + why);
    }
}
