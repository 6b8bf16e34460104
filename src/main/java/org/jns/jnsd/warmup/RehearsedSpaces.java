// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.config.Policy;
import org.jns.jnsd.login.Served;
import org.jns.jnsd.upkeep.SupportProcesses;
import org.jns.linux.Processes;
import org.jns.model.Admission;
import org.jns.model.Directive;
import org.jns.model.MountOptions;
import org.jns.model.NamespaceKind;
import org.jns.model.PathTemplate;
import org.jns.model.Position;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Sharing;
import org.jns.state.View;

/** Makes rules with namespaces of other kinds for the rehearsal. The views that they make end with it. */
final class RehearsedSpaces {
    private static final Position ORIGIN = new Position("rehearsal", 1, 1);
    private static final Admission UNSHARED = new Admission(List.of(), List.of(), Sharing.NONE, true);

    private RehearsedSpaces() {}

    /**
     * One policy with all kinds, one without processes, and one that fails at the end.
     *
     * @param proc a folder
     */
    static List<Policy> policies(PathTemplate proc, PathTemplate missing) {
        Rule fresh = rule("fresh", new Directive.Proc(List.of(proc), MountOptions.NONE, Optional.empty(), true));
        Rule hidden =
                rule("hidden", new Directive.Hide(List.of(PathTemplate.constant("/proc/version")), MountOptions.NONE));
        Rule all = rule("all", new Directive.Isolate(NamespaceKind.VIEW_KINDS, Optional.of("rehearsal")));
        Rule names =
                rule("names", new Directive.Isolate(List.of(NamespaceKind.UTS, NamespaceKind.IPC), Optional.empty()));
        Rule bound = rule(
                "bound",
                new Directive.Bind(missing, List.of(PathTemplate.constant("/proc/self/root")), MountOptions.NONE));
        return List.of(policyOf(fresh, hidden, all), policyOf(names), policyOf(all, bound), policyOf(all));
    }

    private static Rule rule(String name, Directive directive) {
        return new Rule(name, ORIGIN, List.of(), List.of(), directive);
    }

    private static Policy policyOf(Rule... rules) {
        return new Policy(
                Optional.of(new RuleSet(List.of(rules))), UNSHARED, Map.of(0L, "root"), List.of(), false, false);
    }

    /** Ends the first process of the view's PID namespace, if it has one. */
    static void end(Served served, Processes sys) {
        if (served instanceof Served.Login login && login.answer().given().isPresent()) {
            List<View> views = new ArrayList<>();
            views.add(login.answer().given().get().view());
            try (SupportProcesses supportProcesses = new SupportProcesses(sys, views)) {
                supportProcesses.end(views);
            }
        }
    }
}
