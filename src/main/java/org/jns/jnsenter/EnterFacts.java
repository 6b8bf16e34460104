// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.model.NamespaceKind;

/**
 * The facts that were found out for a command line.
 *
 * @param caller the user who asks
 * @param found the target
 * @param become the user that the command runs as; empty: the caller, or numbers of the command line
 * @param gid the requested group
 * @param shell the caller's, from the environment; raw
 * @param term the caller's type of terminal, likewise
 */
record EnterFacts(
        Account caller,
        Found found,
        Optional<Account> become,
        OptionalLong gid,
        Optional<String> shell,
        Optional<String> term) {

    /** The target. Its descriptors are in the recipe's first slots, in this order. */
    sealed interface Found {

        /** Namespaces of a view, or of the host. */
        record Spaces(List<NamespaceKind> spaces) implements Found {
            public Spaces {
                spaces = List.copyOf(spaces);
            }
        }

        /** A process, with its pidfd in the first slot. */
        record Held(int pid) implements Found {}

        /** A target that needs no look-up. */
        record Nothing() implements Found {}
    }

    boolean isRoot() {
        return caller.uid() == 0;
    }
}
