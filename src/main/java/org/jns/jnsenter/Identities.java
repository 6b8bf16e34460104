// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.jnsenter.Getopt.Misuse;
import org.jns.model.NamespaceKind;
import org.jns.recipe.Op;

/**
 * Sets the user and groups of the command. nsenter(1) keeps root's groups for the user of -S; here another user than
 * the caller gets that user's groups, or none.
 */
final class Identities {

    private Identities() {}

    static Account account(EnterFacts facts) {
        return facts.become().orElse(facts.caller());
    }

    /** @param process the slot with the target's folder in /proc */
    static List<Op> ops(EnterRequest request, EnterFacts facts, String process) throws Misuse {
        if (request.asNsenter()) {
            return asNsenter(request, facts, process);
        }
        boolean followsUser = request.uid().equals(Optional.of(EnterRequest.FOLLOW));
        boolean followsGroup = request.gid().equals(Optional.of(EnterRequest.FOLLOW))
                || followsUser && facts.gid().isEmpty();
        boolean inUser = request.wants(NamespaceKind.USER) || request.userParent();
        Optional<Account> become = facts.become();
        List<Op> ops = new ArrayList<>();
        if (become.isPresent() && become.get().name().isEmpty() && facts.gid().isEmpty() && !followsGroup && !inUser) {
            throw new Misuse("cannot become user " + become.get().uid()
                    + ": the user database does not say of which group; add -G");
        }
        if (become.isPresent() || followsUser || followsGroup || facts.gid().isPresent()) {
            ops.add(Op.ofList("groups", numbers(become, inUser)));
        }
        if (followsGroup) {
            ops.add(Op.of("gid-of", process));
        } else if (facts.gid().isPresent()) {
            ops.add(Op.of("gid", Long.toString(facts.gid().getAsLong())));
        } else if (become.isPresent()) {
            ops.add(Op.of(
                    "gid",
                    Long.toString(
                            become.get().name().isEmpty() ? 0 : become.get().gid())));
        }
        if ((inUser || request.target() instanceof Target.File)
                && !request.preserveCredentials()
                && become.isEmpty()
                && !followsUser) {
            boolean hasGroup = followsGroup || facts.gid().isPresent();
            ops.add(Op.of("default-ids", hasGroup ? "uid" : "both"));
        }
        if (followsUser) {
            ops.add(Op.of("uid-of", process));
        } else if (become.isPresent()) {
            ops.add(Op.of("uid", Long.toString(become.get().uid())));
        }
        return ops;
    }

    /** Like nsenter(1): -S keeps the groups, and -G drops the supplementary ones. */
    private static List<Op> asNsenter(EnterRequest request, EnterFacts facts, String process) {
        boolean follows = request.gid().equals(Optional.of(EnterRequest.FOLLOW));
        boolean inUser = (request.wants(NamespaceKind.USER) || request.userParent()) && !request.preserveCredentials();
        List<Op> ops = new ArrayList<>();
        if (request.gid().isPresent()) {
            ops.add(Op.ofList("groups", List.of()));
            ops.add(
                    follows
                            ? Op.of("gid-of", process)
                            : Op.of("gid", Long.toString(facts.gid().getAsLong())));
        }
        if (inUser && request.uid().isEmpty()) {
            ops.add(Op.of("default-ids", request.gid().isPresent() ? "uid" : "both"));
        }
        if (request.uid().equals(Optional.of(EnterRequest.FOLLOW))) {
            ops.add(Op.of("uid-of", process));
        } else if (facts.become().isPresent()) {
            ops.add(Op.of("uid", Long.toString(facts.become().get().uid())));
        }
        return ops;
    }

    /** In a user namespace, the host's group numbers mean other groups, if any. */
    private static List<String> numbers(Optional<Account> become, boolean inUser) {
        List<String> numbers = new ArrayList<>();
        if (become.isPresent() && !inUser) {
            for (long group : become.get().groups()) {
                numbers.add(Long.toString(group));
            }
        }
        return numbers;
    }
}
