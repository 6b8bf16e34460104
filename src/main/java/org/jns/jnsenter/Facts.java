// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.model.NamespaceKind;

/**
 * What was found out for a wish.
 *
 * @param caller who asks
 * @param found what the target is
 * @param become whom the command is run as; empty: as the caller, or as the wish's numbers say
 * @param gid the group that was asked for
 * @param shell the caller's own, from the environment; raw
 * @param term the same of the terminal's kind
 */
record Facts(Account caller, Found found, Optional<Account> become, OptionalLong gid, Optional<String> shell, Optional<String> term) {

    /** What the target is. What it takes descriptors for is in the recipe's first slots, in this order. */
    sealed interface Found {

        /** Namespaces of a view, or the host's. */
        record Spaces(List<NamespaceKind> spaces) implements Found {
            public Spaces {
                spaces = List.copyOf(spaces);
            }
        }

        /** A process, with its pidfd in the first slot. */
        record Held(int pid) implements Found {}

        /** Nothing that had to be looked for. */
        record Nothing() implements Found {}
    }

    boolean isRoot() {
        return caller.uid() == 0;
    }
}
