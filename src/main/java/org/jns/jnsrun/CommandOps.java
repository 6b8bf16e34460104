// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.List;

/** The ops for the command itself, which end each recipe. */
final class CommandOps {
    private CommandOps() {}

    /** From here on a separate process, if one is needed. */
    static void fork(RunRequest request, Ops ops) {
        // The process that waits for the command ends the volume's program.
        boolean asked = request.fork || request.killChild.isPresent() || request.forwardSignals;
        boolean child = asked || request.hasVolume();
        if (request.verbose) {
            ops.add("say-pids", child ? "fork" : "now");
        }
        if (child) {
            ops.add(
                    "fork",
                    "always",
                    request.forwardSignals ? "forward" : asked ? "block" : "all",
                    request.killChild.orElse(0));
        }
    }

    /** The file that is executed. */
    static String file(RunRequest request, RunCaller caller) {
        return request.command.isEmpty() ? caller.shell() : request.command.get(0);
    }

    /** What the command gets. */
    static void arguments(RunRequest request, RunCaller caller, Ops ops) {
        if (request.clearEnvironment) {
            ops.add("env-clear");
        }
        String shell = caller.shell();
        ops.addList(
                "argv",
                List.of(),
                request.command.isEmpty()
                        ? List.of("-" + shell.substring(shell.lastIndexOf('/') + 1))
                        : request.command);
    }
}
