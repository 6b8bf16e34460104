// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jns.linux.NameService;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.RuleSet;

/**
 * Plans logins with rules before they are in force. Takes a few seconds at most, whatever hangs, and looks up nothing
 * on the caller's thread: because of a dead file server or directory service it says that it could not find out, and
 * never that a user would be refused.
 *
 * <p>Reasons: docs/decisions/34-preflight.md
 */
public final class Preflight {
    /** Well within the time for which {@code jnsctl reload} and {@code try} wait for their answer. */
    public static final long WITHIN_MS = 5000;

    private static final int MOST_REFUSED = 1000;
    private static final int MOST_UNKNOWN = 100;

    private Preflight() {}

    /** A user who has a view now. */
    public record Open(String user, String service) {}

    /**
     * @param rules the new rules
     * @param before the rules in force, or the confirmed ones while those are not planned; empty if there are none, or
     *     they do
     *     not matter
     * @param reserved folders of jns itself
     * @param asRoot whether the caller may look at everything that the daemon may
     */
    public record Question(
            RuleSet rules,
            Optional<RuleSet> before,
            Admission admission,
            List<AbsPath> reserved,
            List<Open> open,
            boolean asRoot) {}

    /** @param tools makes system calls for one thread each, in the caller's mount namespace */
    public static Forecast of(Question question, Supplier<Syscalls> tools, long milliseconds) {
        return of(question, tools, LocalAccounts.read(LocalAccounts.ETC), milliseconds);
    }

    static Forecast of(Question question, Supplier<Syscalls> tools, LocalAccounts local, long milliseconds) {
        Patience patience = new Patience(milliseconds);
        List<String> unknown = new ArrayList<>();
        List<Forecast.Refused> refused = new ArrayList<>();
        try (Directory directory = new Directory(new NameService(), patience)) {
            RuleSet rules = resolved(question.rules(), local, directory);
            Crowd crowd = new Crowd(rules, question.admission(), local, directory, patience.half(), unknown);
            List<Candidate> logins = crowd.all(question.open());
            Attempt attempt = new Attempt(
                    rules,
                    question.before().map(before -> resolved(before, local, directory)),
                    question.admission(),
                    question.reserved(),
                    question.asRoot());
            int left = new Crew<Candidate, Attempt.Result>(logins, attempt::of, tools)
                    .run(
                            patience,
                            (login, result) -> note(login, result, refused, unknown),
                            (login, why) -> unknown.add(login.subject().user() + ": " + why));
            List<KernelTrial.Cannot> cannot =
                    question.asRoot() ? KernelTrial.of(rules, question.before(), tools, patience) : List.of();
            return new Forecast(
                    first(refused, MOST_REFUSED), first(unknown, MOST_UNKNOWN), cannot, logins.size() - left, left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Forecast(refused, List.of("interrupted"), List.of(), 0, 0);
        }
    }

    private static <T> List<T> first(List<T> all, int most) {
        return all.subList(0, Math.min(most, all.size()));
    }

    private static void note(
            Candidate login, Attempt.Result result, List<Forecast.Refused> refused, List<String> unknown) {
        if (result instanceof Attempt.Fails one) {
            refused.add(one.refused());
        } else if (result instanceof Attempt.Unclear one) {
            unknown.add(login.subject().user() + ": " + one.why());
        }
    }

    /**
     * With the names of owners looked up. If the name service does not answer about one, it counts as existing: the
     * login finds out.
     */
    private static RuleSet resolved(RuleSet rules, LocalAccounts local, Directory directory) {
        return rules.resolved(
                name -> {
                    try {
                        Optional<Account> here = local.named(name);
                        return here.isPresent() ? OptionalLong.of(here.get().uid()) : directory.userId(name);
                    } catch (Directory.NoAnswer e) {
                        return OptionalLong.of(0);
                    }
                },
                name -> {
                    try {
                        OptionalLong here = local.groupId(name);
                        return here.isPresent() ? here : directory.groupId(name);
                    } catch (Directory.NoAnswer e) {
                        return OptionalLong.of(0);
                    }
                });
    }
}
