// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.requests;

import java.util.concurrent.Callable;
import org.jns.jnsctl.output.Host;
import org.jns.wire.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands that only send a request to the daemon, and print its answer. */
@Command(mixinStandardHelpOptions = true)
public abstract class DaemonCommands implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    private DaemonCommands() {}

    /** Sends the request, and returns what to print, with the end of its last line. */
    abstract String answer();

    @Override
    public final Integer call() {
        spec.commandLine().getOut().print(answer());
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** A command that takes rules into force, or on trial. */
    abstract static class OfRules extends DaemonCommands {
        @Option(
                names = "--force",
                description = "take the rules although they would refuse somebody whom those in force let in")
        boolean force;
    }

    /** Makes the daemon read its rules. */
    @Command(
            name = "reload",
            description =
                    "Makes the daemon read its rules again. Rules with an error are not taken: the old ones stay in force."
                            + " Neither are rules that would refuse somebody whom those in force let in, without --force. Rules that are on trial stay on trial.")
    public static final class Reload extends OfRules {
        @Override
        String answer() {
            return DaemonCall.make(new Request.Reload(force), "reload") + "\n";
        }
    }

    /** Makes the daemon take its rules on trial. */
    @Command(
            name = "try",
            description =
                    "Makes the daemon take its rules on trial: unless jnsctl confirm follows in time, those before come back by themselves."
                            + " Rules that would refuse somebody whom those in force let in are not taken without --force.")
    public static final class Try extends OfRules {
        @Option(
                names = "--minutes",
                paramLabel = "N",
                description = "for how long, 1 to 120 (default: ${DEFAULT-VALUE})")
        private int minutes = 5;

        @Override
        String answer() {
            if (minutes < 1 || minutes > Request.Try.MOST_MINUTES) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--minutes " + minutes + " is not a number from 1 to " + Request.Try.MOST_MINUTES);
            }
            return DaemonCall.make(new Request.Try(minutes, force), "try") + "\n";
        }
    }

    /** Makes the daemon keep the rules that are on trial. */
    @Command(name = "confirm", description = "Keeps the rules that are on trial.")
    public static final class Confirm extends DaemonCommands {
        @Override
        String answer() {
            return DaemonCall.make(new Request.Confirm(), "confirm") + "\n";
        }
    }

    /** Makes the daemon look immediately for views and private folders to remove. */
    @Command(
            name = "gc",
            description =
                    "Makes the daemon remove views that nobody is in, and private folders whose time has come, now instead of when it looks next.")
    public static final class Gc extends DaemonCommands {
        /** The daemon looks at every process, with the lowest priority. */
        private static final long ANSWER_WITHIN_MS = 120_000;

        @Override
        String answer() {
            return DaemonCall.make(new Request.Gc(), "clean up", ANSWER_WITHIN_MS) + "\n";
        }
    }

    /** Prints the daemon's numbers. */
    @Command(
            name = "metrics",
            description =
                    "Prints what the daemon has counted since its start, in the format of OpenMetrics. Needs root.")
    public static final class PrintMetrics extends DaemonCommands {
        @Override
        String answer() {
            return DaemonNumbers.ask(new Host()).text();
        }
    }
}
