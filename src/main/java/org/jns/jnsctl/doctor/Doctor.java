// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jns.config.Settings;
import org.jns.doctor.Finding;
import org.jns.doctor.Folder;
import org.jns.doctor.PamAdvice;
import org.jns.doctor.PamFiles;
import org.jns.doctor.PasswordAdvice;
import org.jns.jnsctl.output.ExitStatus;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.output.JsonCommand;
import org.jns.jnsctl.output.Sight;
import org.jns.jnsctl.pam.PamFolders;
import org.jns.jnsctl.rules.InstalledRules;
import org.jns.model.Directive;
import org.jns.model.RuleSet;
import picocli.CommandLine.Command;

/** Checks everything that a login needs, and reports errors with remedies. Read-only. */
@Command(
        name = "doctor",
        description =
                "Looks for what keeps jns from working: PAM, the daemon, its files and folders, the kernel, the rules. Changes nothing.")
public final class Doctor extends JsonCommand {
    @Override
    public Integer call() throws IOException {
        Host host = new Host();
        Sight sight = new Sight();
        InstalledRules rules = InstalledRules.read(host);
        PamFolders pam = new PamFolders(sight);
        PamFiles files = pam.read();
        List<Finding> findings = new ArrayList<>(
                PamAdvice.on(files, pam.facts(files, rules.settings().socket())));
        findings.addAll(PasswordAdvice.on(files, wantPassword(rules.readable())));
        findings.addAll(besidePam(host, sight, rules));
        rules.foreseen().forEach(problem -> findings.add(Finding.of(problem)));
        DoctorReport report = new DoctorReport(findings, List.copyOf(sight.unseen()));
        if (json) {
            report.printJson(out());
        } else {
            report.print(out(), spec.commandLine().getColorScheme().ansi().enabled());
        }
        return report.count(Finding.Severity.ERROR) > 0 ? ExitStatus.FAILED : 0;
    }

    private static boolean wantPassword(RuleSet rules) {
        return rules.rules().stream()
                .anyMatch(rule -> rule.directive() instanceof Directive.Volume volume && volume.password());
    }

    /** The findings about everything except the stacks. */
    public static List<Finding> besidePam(Host host, Sight sight, InstalledRules rules) {
        MachineLook look = new MachineLook(sight, host);
        Settings settings = rules.settings();
        List<Finding> findings = new ArrayList<>(look.installation().findings());
        findings.addAll(look.helper(settings.socket()).findings());
        look.folder(settings.state(), Folder.Use.STATE).ifPresent(seen -> findings.addAll(seen.findings()));
        look.folder(settings.instances(), Folder.Use.PRIVATE).ifPresent(seen -> findings.addAll(seen.findings()));
        host.missingDisk(settings.instances()).map(Folder::isElsewhere).ifPresent(findings::add);
        findings.addAll(look.aside(settings.instances()).findings());
        findings.addAll(look.machine().findings(rules.readable()));
        findings.addAll(look.waysOut().findings(rules.readable()));
        rules.problems().forEach(problem -> findings.add(Finding.of(problem)));
        return findings;
    }
}
