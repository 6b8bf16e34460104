// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.jns.frontend.Front;
import org.jns.frontend.Response;
import org.jns.linux.Fd;
import org.jns.model.Printable;
import org.jns.recipe.Invocation;
import org.jns.recipe.Op;
import org.jns.recipe.Raw;
import org.jns.recipe.Recipe;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** {@code jnsrun}: turns a command line into a recipe. */
public final class JnsRun {
    private static final int CANNOT = 125;

    private JnsRun() {}

    /** Does not return. */
    public static void main(String[] args) {
        Front.serve("jnsrun", (tools, asked) -> answer(tools, asked.invocation(), asked.caller()));
    }

    static Response answer(Front.Tools tools, Invocation invocation, Front.Caller asking) {
        RunOptions options = new RunOptions(invocation.program().equals("unshare"));
        CommandLine line = CommandLines.of(options);
        try {
            CommandLine.ParseResult parsed =
                    line.parseArgs(invocation.arguments().toArray(new String[0]));
            if (parsed.isUsageHelpRequested()) {
                return Response.of(Recipe.print(line.getUsageMessage(), 0));
            }
            if (parsed.isVersionHelpRequested()) {
                return Response.of(Recipe.print(version(line), 0));
            }
            return answer(tools, options.request(), new IdLookup(asking).caller(invocation));
        } catch (ParameterException e) {
            return complaint(invocation.program(), e.getMessage() + "; see " + invocation.program() + " --help");
        } catch (Refused e) {
            return complaint(invocation.program(), e.getMessage());
        }
    }

    private static Response answer(Front.Tools tools, RunRequest request, RunCaller caller) throws Refused {
        if (!request.hasRules()) {
            return Response.of(RunRecipe.compose(request, caller, Optional.empty()));
        }
        if (request.rule.isPresent() && !caller.isRoot()) {
            return Response.of(JoinRecipe.compose(request, caller));
        }
        RulesOfCommand rules = new RulesOfCommand(tools, request, caller);
        if (!caller.isRoot()) {
            List<Op> steps = rules.steps();
            return Response.of(RunRecipe.compose(request, caller, Optional.of(steps)));
        }
        // First the checks that can refuse without making anything.
        Recipe recipe = RunRecipe.compose(request, caller, Optional.empty());
        Fd view = rules.view();
        return new Response.Do(recipe, List.of(view));
    }

    private static String version(CommandLine line) {
        StringWriter text = new StringWriter();
        line.printVersionHelp(new PrintWriter(text, true));
        return text.toString();
    }

    /** Lines for people; each is safe on a terminal. */
    private static Response complaint(String program, String raw) {
        StringBuilder text = new StringBuilder();
        for (String each : Raw.read(raw).split("\n")) {
            text.append(program)
                    .append(": ")
                    .append(Printable.is(each) ? each : Printable.of(each))
                    .append('\n');
        }
        return Response.of(Recipe.print(text.toString(), CANNOT));
    }
}
