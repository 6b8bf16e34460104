// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jns.advice.Advice;
import org.jns.advice.HookAdvice;
import org.jns.advice.LoaderAdvice;
import org.jns.advice.VolumeAdvice;
import org.jns.jnsctl.output.Host;
import org.jns.linux.NameService;
import org.jns.linux.Syscalls;
import org.jns.model.Position;
import org.jns.model.Problem;
import org.jns.model.RuleSet;
import org.jns.rules.ini.RulesSource;

/**
 * Finds mistakes in the rules that are legal but probably not meant. It looks up users, groups, programs and folders on
 * a separate thread: a dead file server or directory service does not answer, and must not block the command.
 */
final class RulesAdvice {
    private static final long WITHIN_S = 5;

    private RulesAdvice() {}

    /** Returns only warnings. */
    static List<Problem> on(RuleSet rules, List<RulesSource> sources, Host host) {
        if (rules.rules().isEmpty()) {
            return List.of();
        }
        FutureTask<List<Problem>> looking = new FutureTask<>(() -> look(rules, sources, host.another()));
        Thread thread = new Thread(looking, "advice");
        thread.setDaemon(true);
        thread.start();
        try {
            return looking.get(WITHIN_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            Position at = new Position(rules.rules().get(0).at().file(), 1, 1);
            return List.of(Problem.warning(
                    at,
                    "could not look at all users, programs and folders that the rules name: they do not answer within "
                            + WITHIN_S + " seconds"));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static List<Problem> look(RuleSet rules, List<RulesSource> sources, Syscalls sys) {
        List<Problem> problems = new ArrayList<>(Advice.on(rules, sources, Advice.people(new NameService())));
        problems.addAll(HookAdvice.on(rules, sys));
        problems.addAll(VolumeAdvice.on(rules, sys));
        problems.addAll(LoaderAdvice.on(rules, sys));
        return problems;
    }
}
