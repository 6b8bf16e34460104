// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jns.linux.Syscalls;
import org.jns.linux.Threads;
import org.jns.model.Directive;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.model.RuleSet;

/**
 * Makes one step of each kind that rules use, in a private mount namespace that ends with its thread: trying is the
 * only way to find out what a kernel cannot do, because a version number tells nothing about a kernel that its
 * distributor has changed.
 */
public final class KernelTrial {

    private KernelTrial() {}

    /**
     * @param rule one that needs it
     * @param why in words
     * @param isAsBefore whether the rules in force need it as well
     */
    public record Cannot(Rule rule, String why, boolean isAsBefore) {

        public String text() {
            return "everybody whom rule [" + rule.name() + "] is for would be refused: " + why;
        }

        public Problem problem() {
            return Problem.error(rule.at(), text());
        }
    }

    /** Needs root; returns nothing if no mount namespace can be made. */
    public static List<Cannot> of(RuleSet rules, Supplier<Syscalls> tools, long milliseconds) {
        try {
            return of(rules, Optional.empty(), tools, new Patience(milliseconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    static List<Cannot> of(RuleSet rules, Optional<RuleSet> before, Supplier<Syscalls> tools, Patience patience)
            throws InterruptedException {
        Map<Ability, Rule> wanted = wanted(rules);
        Set<Ability> old = before.map(one -> wanted(one).keySet()).orElse(Set.of());
        List<Cannot> cannot = new ArrayList<>();
        if (wanted.isEmpty()) {
            return cannot;
        }
        failures(wanted.keySet(), tools, patience)
                .forEach((ability, why) -> cannot.add(
                        new Cannot(Objects.requireNonNull(wanted.get(ability)), why, old.contains(ability))));
        return cannot;
    }

    /** With the first rule of each. */
    private static Map<Ability, Rule> wanted(RuleSet rules) {
        Map<Ability, Rule> wanted = new LinkedHashMap<>();
        for (Rule rule : rules.rules()) {
            abilities(rule.directive()).forEach(ability -> wanted.putIfAbsent(ability, rule));
        }
        return wanted;
    }

    private static Set<Ability> abilities(Directive directive) {
        if (directive instanceof Directive.Isolate isolate) {
            Set<Ability> all = EnumSet.noneOf(Ability.class);
            isolate.kinds().forEach(kind -> all.add(Ability.of(kind)));
            return all;
        }
        return directive.accept(new Ability.OfDirective()).map(Set::of).orElse(Set.of());
    }

    /** On a separate thread, which is in another mount namespace afterwards. */
    private static Map<Ability, String> failures(Set<Ability> wanted, Supplier<Syscalls> tools, Patience patience)
            throws InterruptedException {
        LinkedBlockingQueue<Map<Ability, String>> answer = new LinkedBlockingQueue<>();
        Thread thread = new Thread(() -> answer.add(inPrivate(wanted, tools.get())), "preflight-kernel");
        thread.setDaemon(true);
        if (!Threads.start(thread)) {
            return Map.of();
        }
        Map<Ability, String> found = answer.poll(patience.milliseconds(), TimeUnit.MILLISECONDS);
        return found == null ? Map.of() : found;
    }

    private static Map<Ability, String> inPrivate(Set<Ability> wanted, Syscalls sys) {
        try {
            sys.unshareMounts();
            sys.makeAllSlave();
            return TrialGround.prepare(sys).failures(wanted);
        } catch (RuntimeException e) {
            // If there is no place to try it, as in a container that may not mount, nothing is known about the kernel.
            // An internal error must neither end the daemon nor block good rules.
            return Map.of();
        }
    }
}
