// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.config.Policy;
import org.jns.model.Admission;
import org.jns.model.ArgumentTemplate;
import org.jns.model.Directive;
import org.jns.model.Directive.Volume.Kind;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.PathTemplate;
import org.jns.model.Position;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Terms;

/** Makes rules with volumes for the rehearsal. None is ever mounted: for the login thread that makes no difference. */
final class RehearsedVolumes {
    private static final Position ORIGIN = new Position("rehearsal", 1, 1);
    private static final Terms MAY_FAIL =
            new Terms(Optional.empty(), Optional.empty(), false, Optional.empty(), false, false);
    private static final int MILLISECONDS = 5000;

    private RehearsedVolumes() {}

    /** @param target of a rule that each policy has in addition to its volume */
    static List<Policy> policies(PathTemplate target) {
        Rule hidden = new Rule(
                "hidden", ORIGIN, List.of(), List.of(), new Directive.Hide(List.of(target), MountOptions.NONE));
        List<Policy> policies = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            policies.add(policyOf(hidden, rule(kind, false)));
        }
        policies.add(policyOf(hidden, rule(Kind.ENCFS, true)));
        policies.add(policyOf(hidden, rule(Kind.FUSE, false).with(MAY_FAIL)));
        return policies;
    }

    private static Rule rule(Kind kind, boolean skippable) {
        return new Rule("volume", ORIGIN, List.of(), List.of(), volume(kind, skippable));
    }

    private static Policy policyOf(Rule... rules) {
        return new Policy(
                Optional.of(new RuleSet(List.of(rules))), Admission.NONE, Map.of(0L, "root"), List.of(), false, false);
    }

    private static Directive volume(Kind kind, boolean skippable) {
        try {
            PathTemplate nothing = PathTemplate.parse("/dev/null/${user}");
            return new Directive.Volume(
                    kind,
                    nothing,
                    Optional.of(PathTemplate.parse("/dev/null/none")),
                    MountFlags.RO.plus(MountFlags.NOEXEC),
                    1,
                    Optional.of(nothing),
                    List.of(ArgumentTemplate.parse("{target}")),
                    true,
                    skippable,
                    true,
                    MILLISECONDS);
        } catch (PathTemplate.SyntaxError e) {
            throw new IllegalStateException(e);
        }
    }
}
