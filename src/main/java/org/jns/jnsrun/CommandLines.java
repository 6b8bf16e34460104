// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.Map;
import java.util.Stack;
import org.jns.model.Release;
import picocli.CommandLine;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Reads command lines like getopt_long(3): the first operand begins the command, and optional values are attached by
 * "=".
 *
 * <p>Reasons: docs/decisions/65-no-silent-value.md
 */
final class CommandLines {
    private CommandLines() {}

    static CommandLine of(RunOptions options) {
        CommandLine line = new CommandLine(options);
        line.setStopAtPositional(true);
        line.setOverwrittenOptionsAllowed(true);
        line.setExpandAtFiles(false);
        line.setTrimQuotes(false);
        line.setUsageHelpLongOptionsMaxWidth(30);
        line.setUsageHelpWidth(100);
        line.getCommandSpec().version("jnsrun, jns " + Release.version("(not installed)"));
        options.spaces.addTo(line.getCommandSpec());
        return line;
    }

    /** Keeps the next word from being read as an optional value. */
    static final class Attached implements IParameterPreprocessor {
        @Override
        public boolean preprocess(Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            if (!"=".equals(info.get("separator"))) {
                words.push(RunOptions.BARE);
            }
            return false;
        }
    }
}
