// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import org.jns.recipe.Recipe;

/**
 * The recipe for {@code --rule} of an ordinary user: the daemon builds the view by the rule, which is root's, if the
 * rule allows it, and {@code jns-join} runs the command there. The daemon's end is {@code jnsd.owners.CommandViews}.
 *
 * <p>Reasons: docs/decisions/68-rules-for-a-command.md
 */
final class JoinRecipe {
    private JoinRecipe() {}

    static Recipe compose(RunRequest request, RunCaller caller) throws Refused {
        Checks.check(request, caller);
        Checks.refuseIf(
                !request.spaces.isEmpty()
                        || !request.mounts.isEmpty()
                        || request.rootfs.isPresent()
                        || request.root.isPresent()
                        || request.folder.isPresent()
                        || request.uid.isPresent()
                        || request.gid.isPresent()
                        || request.proc.isPresent(),
                "with --rule the view is root's, and an ordinary user has no say in it; leave the other options out, or take --rules");
        String rule = request.rule.orElseThrow();
        Ops ops = new Ops(request.verbose);
        ops.say("ask the daemon for the view of rule " + rule);
        CommandOps.fork(request, ops);
        CommandOps.arguments(request, caller, ops);
        ops.add("join", "rule", rule, CommandOps.file(request, caller));
        return ops.recipe();
    }
}
