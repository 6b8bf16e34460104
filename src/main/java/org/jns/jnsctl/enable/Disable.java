// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.enable;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jns.config.Settings;
import org.jns.doctor.PamFiles;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.output.Sight;
import org.jns.jnsctl.pam.PamFolders;
import org.jns.jnsctl.pam.ProfileChange;
import org.jns.jnsctl.pam.StackFiles;
import org.jns.model.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes all lines of the module from the stacks of login programs, including those that an admin added. */
@Command(
        name = "disable",
        description =
                "Takes the module out of the stacks of PAM: of the named services, or of all. Sessions that run keep their view.",
        mixinStandardHelpOptions = true)
public final class Disable implements Callable<Integer> {
    @Parameters(paramLabel = "SERVICE", description = "a file of /etc/pam.d, such as sshd", arity = "0..*")
    private List<String> services = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Sight sight = new Sight();
        Enable.mustBeRoot(sight, "disable");
        // Must work even if the settings are unreadable.
        StackFiles files = Enable.stackFiles(Settings.DEFAULT);
        boolean all = services.isEmpty();
        String said = all && ProfileChange.isPossible() ? ProfileChange.disable() : "";
        Removal removal = new Removal(files);
        (all ? List.copyOf(files.services()) : services).forEach(removal::ofService);
        PamFolders folders = new PamFolders(sight);
        if (all) {
            files.elsewhere(folders.read().byName().keySet()).forEach(removal::ofFile);
        }
        removal.mustBeWhole();
        List<String> changed = removal.changed();
        mustBeGone(folders.read(), all ? files.services() : services, said);
        String where = changed.isEmpty() ? "" : "took pam_jns.so out of " + String.join(", ", changed) + "; ";
        out.println(where + (all ? "no stack has it any more" : String.join(", ", services) + " is without it"));
        return 0;
    }

    private static void mustBeGone(PamFiles files, Iterable<String> names, String said) {
        for (String name : names) {
            if (files.hasModule(name)) {
                throw new Host.Failure("sessions by " + Printable.of(name)
                        + " have the module still, from a file that its stack includes;"
                        + " jnsctl disable without a name takes it out of all"
                        + (said.isEmpty() ? "" : " (pam-auth-update said: " + said + ")"));
            }
        }
    }
}
