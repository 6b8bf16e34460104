// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jns.config.Policy;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.config.Subjects;
import org.jns.config.TrustedFiles;
import org.jns.frontend.Front;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.NameService;
import org.jns.linux.Passwd;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.plan.Planner;
import org.jns.recipe.Op;
import org.jns.rules.CommandRules;
import org.jns.rules.Parsed;
import org.jns.rules.RuleMatcher;
import org.jns.rules.RulesParser;
import org.jns.view.CommandView;
import org.jns.view.FactsProbe;
import org.jns.view.NoView;

/**
 * Carries out the rules that the command line names for one command, with the code for logins: root's
 * {@code --rule}, and {@code --rules}. {@link JoinRecipe} is the way of other users' {@code --rule}.
 *
 * <p>Reasons: docs/decisions/68-rules-for-a-command.md
 */
final class RulesOfCommand {
    private final Front.Tools tools;
    private final RunRequest request;
    private final RunCaller caller;
    private final Settings settings;
    private final NameService names = new NameService();

    RulesOfCommand(Front.Tools tools, RunRequest request, RunCaller caller) throws Refused {
        this.tools = tools;
        this.request = request;
        this.caller = caller;
        this.settings = settings();
    }

    private Settings settings() throws Refused {
        if (!caller.isRoot()) {
            return Settings.DEFAULT;
        }
        try {
            return Settings.load(new TrustedFiles(tools.sys(), true));
        } catch (Settings.Unusable e) {
            throw new Refused("cannot use the settings: " + e.getMessage());
        }
    }

    /** For an ordinary user, who is root in a user namespace during that time. */
    List<Op> steps() throws Refused {
        Decided decided = decide();
        try (FactsProbe probe = new FactsProbe(tools.sys())) {
            Planned planned = Planner.plan(
                    decided.selection(),
                    decided.subject(),
                    probe.examine(Planner.questions(decided.selection(), decided.subject())),
                    List.of());
            return StepOps.of(ready(planned));
        }
    }

    /** For root: a mount namespace, made on a separate thread, because this process must stay in its own. */
    Fd view() throws Refused {
        Decided decided = decide();
        FutureTask<Fd> task =
                new FutureTask<>(() -> new CommandView(new LinuxSyscalls(tools.proc()), settings.places(), names)
                        .make(decided.selection(), decided.subject()));
        new Thread(task, "view").start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NoView none) {
                throw new Refused(none.text());
            }
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        }
    }

    private static Plan ready(Planned planned) throws Refused {
        if (planned instanceof Planned.Refused refused) {
            throw new Refused("rule " + refused.origin() + ": " + refused.why());
        }
        return ((Planned.Ready) planned).plan();
    }

    private record Decided(Selection selection, Subject subject) {}

    private Decided decide() throws Refused {
        RuleSet rules = request.rule.isPresent() ? one(request.rule.get()) : file(request.rulesFile.orElseThrow());
        Policy policy = Policy.ask(Optional.of(rules), Admission.NONE, names, tools.sys());
        RuleSet looked = policy.rules().orElseThrow();
        Subject subject = subject(policy);
        // Root asks for a named rule explicitly, so the users and logins that it applies to do not matter.
        Selection selection = request.rule.isPresent()
                ? new Selection(looked.rules(), List.of())
                : RuleMatcher.select(looked, subject);
        if (selection.isEmpty()) {
            throw new Refused("no rule in " + request.rulesFile.orElseThrow() + " is for " + subject.user()
                    + "; change only and except there");
        }
        return new Decided(selection, subject);
    }

    /** The user that the command runs as. */
    private Subject subject(Policy policy) throws Refused {
        Optional<Passwd> account = caller.accounts()
                .apply(request.uid.filter(uid -> !request.wantsUserSpace()).orElse(Long.toString(caller.uid())));
        try {
            return new Subjects(names, tools.sys())
                    .of(
                            account.orElseThrow(
                                            () -> new Refused("rules are for users, and you are none that is known"))
                                    .name(),
                            CommandRules.SERVICE,
                            "",
                            policy);
        } catch (Subjects.Unknown e) {
            throw new Refused(e.getMessage());
        }
    }

    private RuleSet one(String name) throws Refused {
        RuleSet rules = new RulesFolder(tools.sys(), settings)
                .atStart()
                .rules()
                .orElseThrow(
                        () -> new Refused("the rules have errors (run: jnsctl check), and there are no older ones"));
        for (Rule rule : rules.rules()) {
            if (rule.name().equals(name)) {
                return new RuleSet(List.of(rule));
            }
        }
        throw new Refused("there is no rule " + name + "; jnsctl check counts the existing rules, below "
                + settings.places().rules());
    }

    /** Other users must not be able to change it. */
    private RuleSet file(String name) throws Refused {
        AbsPath path;
        try {
            path = AbsPath.of(Path.of(name).toRealPath().toString());
        } catch (IOException | IllegalArgumentException e) {
            throw new Refused("cannot read the rules " + name + ": there is no such file, or you may not read it");
        }
        TrustedFiles.Content content = new TrustedFiles(tools.sys(), caller.isRoot()).file(path);
        refuseErrors(content.problems());
        Parsed parsed = RulesParser.parse(content.sources());
        refuseErrors(parsed.problems());
        return parsed.rules();
    }

    private static void refuseErrors(List<Problem> problems) throws Refused {
        List<String> errors = problems.stream()
                .filter(Problem::isError)
                .map(Problem::toString)
                .toList();
        if (!errors.isEmpty()) {
            throw new Refused(String.join("\n", errors));
        }
    }
}
