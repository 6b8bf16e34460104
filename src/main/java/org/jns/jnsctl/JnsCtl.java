// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl;

import org.jns.jnsctl.doctor.Doctor;
import org.jns.jnsctl.enable.Disable;
import org.jns.jnsctl.enable.Enable;
import org.jns.jnsctl.output.ExitStatus;
import org.jns.jnsctl.requests.DaemonCommands;
import org.jns.jnsctl.rules.Check;
import org.jns.jnsctl.rules.Diff;
import org.jns.jnsctl.rules.Explain;
import org.jns.jnsctl.rules.Import;
import org.jns.jnsctl.sessions.ListSessions;
import org.jns.jnsctl.sessions.Show;
import org.jns.jnsctl.sessions.Why;
import org.jns.model.Printable;
import org.jns.model.Release;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code jnsctl}: checks the rules, explains what a user will get, imports the rules of other modules, and makes the
 * daemon read its rules.
 */
@Command(
        name = "jnsctl",
        description = "Looks after jns, which gives each user a view of the file system of its own.",
        mixinStandardHelpOptions = true,
        subcommands = {
            Check.class,
            Explain.class,
            Diff.class,
            Import.class,
            DaemonCommands.Reload.class,
            DaemonCommands.Try.class,
            DaemonCommands.Confirm.class,
            ListSessions.class,
            Show.class,
            Why.class,
            DaemonCommands.Gc.class,
            DaemonCommands.PrintMetrics.class,
            Doctor.class,
            Enable.class,
            Disable.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class JnsCtl {

    private JnsCtl() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** For tests, which set their own writers. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new JnsCtl());
        line.getCommandSpec().version("jns " + Release.version("(not installed)"));
        line.setExecutionExceptionHandler((e, failed, parsed) -> {
            failed.getErr().println("jnsctl: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return ExitStatus.FAILED;
        });
        line.setParameterExceptionHandler((e, args) -> {
            CommandLine failed = e.getCommandLine();
            failed.getErr().println("jnsctl: " + Printable.of(e.getMessage()));
            failed.getErr()
                    .print(failed.getHelp().synopsisHeading()
                            + failed.getHelp().synopsis(failed.getHelp().synopsisHeadingLength()));
            return CommandLine.ExitCode.USAGE;
        });
        return line;
    }
}
