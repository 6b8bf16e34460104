// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.ArrayList;
import java.util.List;
import org.jns.jnsenter.Getopt.Misuse;
import org.jns.recipe.Op;
import org.jns.recipe.Recipe;
import org.jns.wire.Request;

/**
 * Handles users other than root who ask to enter a view by its name. The daemon alone decides whether they may; another
 * program asks it, which has the required capabilities, drops them, and becomes the command.
 */
final class Guest {

    private Guest() {}

    static Recipe recipe(EnterRequest request, EnterFacts facts) throws Misuse {
        List<Op> ops = new ArrayList<>();
        for (String variable : request.variables()) {
            ops.add(Op.of("env", variable));
        }
        if (request.login()) {
            ops.addAll(0, Login.environment(facts.caller(), facts.term()));
        }
        refuseMore(request);
        boolean hasCommand = !request.command().isEmpty();
        String file = hasCommand ? request.command().get(0) : Login.shell(request, facts);
        ops.add(Op.ofList(
                "argv", hasCommand ? request.command() : List.of("-" + file.substring(file.lastIndexOf('/') + 1))));
        String[] what = target(request.target(), facts.caller());
        ops.add(Op.of("join", what[0], what[1], file));
        return new Recipe(ops);
    }

    private static String[] target(Target target, Account caller) throws Misuse {
        if (target instanceof Target.Session session) {
            return new String[] {Request.Join.SESSION, session.id()};
        }
        if (target instanceof Target.User user && user.name().equals(caller.name())) {
            return new String[] {Request.Join.VIEW, ""};
        }
        throw new Misuse(
                "cannot enter it: it is not yours, and you are not root; enter your own view by your name or by session:ID");
    }

    private static void refuseMore(EnterRequest request) throws Misuse {
        boolean more = request.all()
                || !request.spaces().isEmpty()
                || request.root().isPresent()
                || request.wd().isPresent()
                || request.wdInside().isPresent()
                || request.uid().isPresent()
                || request.gid().isPresent()
                || request.userParent()
                || request.keepCaps()
                || request.preserveCredentials()
                || request.noFork()
                || request.terminal() == EnterRequest.Terminal.ALWAYS;
        if (more) {
            throw new Misuse(
                    "cannot do that with a view: those who are not root enter theirs as they are, with --env and --login at most");
        }
    }
}
