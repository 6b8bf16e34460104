// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A group of options that write their values into one request. */
abstract class OptionGroup {
    final RunRequest request;

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    OptionGroup(RunRequest request) {
        this.request = request;
    }

    /**
     * The value of an option.
     *
     * @param before its earlier value
     */
    final <T> Optional<T> once(String option, Optional<T> before, T now) {
        if (!request.asUnshare && before.isPresent() && !before.get().equals(now)) {
            throw wrong(option, "it is given twice, with different values; leave one of them out");
        }
        return Optional.of(now);
    }

    final ParameterException wrong(String option, String why) {
        return new ParameterException(command.commandLine(), option + ": " + why);
    }

    final <T> T parsed(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw wrong(option, e.getMessage());
        }
    }
}
