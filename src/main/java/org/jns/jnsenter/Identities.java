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

    static Account account(Facts facts) {
        return facts.become().orElse(facts.caller());
    }

    /** @param process the slot with the target's folder in /proc */
    static List<Op> ops(Wish wish, Facts facts, String process) throws Misuse {
        if (wish.asNsenter()) {
            return asNsenter(wish, facts, process);
        }
        boolean followsUser = wish.uid().equals(Optional.of(Wish.FOLLOW));
        boolean followsGroup = wish.gid().equals(Optional.of(Wish.FOLLOW)) || followsUser && facts.gid().isEmpty();
        boolean inUser = wish.wants(NamespaceKind.USER) || wish.userParent();
        Optional<Account> become = facts.become();
        List<Op> ops = new ArrayList<>();
        if (become.isPresent() && become.get().name().isEmpty() && facts.gid().isEmpty() && !followsGroup && !inUser) {
            throw new Misuse("cannot become user " + become.get().uid() + ": the user database does not say of which group; add -G");
        }
        if (become.isPresent() || followsUser || followsGroup || facts.gid().isPresent()) {
            ops.add(Op.ofList("groups", numbers(become, inUser)));
        }
        if (followsGroup) {
            ops.add(Op.of("gid-of", process));
        } else if (facts.gid().isPresent()) {
            ops.add(Op.of("gid", Long.toString(facts.gid().getAsLong())));
        } else if (become.isPresent()) {
            ops.add(Op.of("gid", Long.toString(become.get().name().isEmpty() ? 0 : become.get().gid())));
        }
        if ((inUser || wish.target() instanceof Target.File) && !wish.preserveCredentials() && become.isEmpty() && !followsUser) {
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
    private static List<Op> asNsenter(Wish wish, Facts facts, String process) {
        boolean follows = wish.gid().equals(Optional.of(Wish.FOLLOW));
        boolean inUser = (wish.wants(NamespaceKind.USER) || wish.userParent()) && !wish.preserveCredentials();
        List<Op> ops = new ArrayList<>();
        if (wish.gid().isPresent()) {
            ops.add(Op.ofList("groups", List.of()));
            ops.add(follows ? Op.of("gid-of", process) : Op.of("gid", Long.toString(facts.gid().getAsLong())));
        }
        if (inUser && wish.uid().isEmpty()) {
            ops.add(Op.of("default-ids", wish.gid().isPresent() ? "uid" : "both"));
        }
        if (wish.uid().equals(Optional.of(Wish.FOLLOW))) {
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
