// SPDX-License-Identifier: Apache-2.0
package org.jns.run;

import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Options that belong together, and say what they are told to one wish. */
abstract class OptionGroup {
    final Wish wish;
    private CommandSpec command;

    OptionGroup(Wish wish) {
        this.wish = wish;
    }

    final void command(CommandSpec spec) {
        command = spec;
    }

    static ParameterException wrong(CommandSpec spec, String option, String why) {
        return new ParameterException(spec.commandLine(), option + ": " + why);
    }

    final ParameterException wrong(String option, String why) {
        return wrong(command, option, why);
    }

    final <T> T parsed(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw wrong(option, e.getMessage());
        }
    }
}
