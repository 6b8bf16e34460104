// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.output;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that prints for people, or JSON with {@code --json}. */
@Command(mixinStandardHelpOptions = true)
public abstract class JsonCommand implements Callable<Integer> {
    @Option(names = "--json", description = "print JSON")
    protected boolean json;

    @Spec
    protected CommandSpec spec;

    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
