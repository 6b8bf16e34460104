// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * How a missing target is made on the host.
 *
 * @param group empty: the primary group of the user who logs in if {@code owner} is that one, else root's
 */
public record Creation(int mode, Owner owner, Optional<Owner> group) {

    /** A user or a group; which of the two is for the place to say. */
    public sealed interface Owner {}

    public record Numbered(long id) implements Owner {}

    /**
     * @param id empty if there is none of that name, or nobody has looked yet
     */
    public record Named(String name, OptionalLong id) implements Owner {}

    /** The user who logs in, or the primary group. */
    public record OfSubject() implements Owner {}

    /** The same, with the names looked up. */
    public Creation resolved(Function<String, OptionalLong> users, Function<String, OptionalLong> groups) {
        return new Creation(mode, resolved(owner, users), group.map(g -> resolved(g, groups)));
    }

    /** Whether nobody has found a name, or looked for it. */
    public boolean lacksNames() {
        return lacksName(owner) || group.isPresent() && lacksName(group.get());
    }

    private static boolean lacksName(Owner owner) {
        return owner instanceof Named named && named.id().isEmpty();
    }

    private static Owner resolved(Owner owner, Function<String, OptionalLong> ids) {
        return owner instanceof Named named ? new Named(named.name(), ids.apply(named.name())) : owner;
    }
}
