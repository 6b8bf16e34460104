// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * How to create a missing target on the host.
 *
 * @param group empty: the subject's primary group if {@code owner} is the subject, else root's
 */
public record Creation(int mode, Owner owner, Optional<Owner> group) {

    /** A user or a group, depending on its use. */
    public sealed interface Owner {}

    public record Numbered(long id) implements Owner {}

    /** @param id empty if no user or group has that name, or it was not looked up yet */
    public record Named(String name, OptionalLong id) implements Owner {}

    /** The user who logs in, or that user's primary group. */
    public record OfSubject() implements Owner {}

    /** The same, with the names looked up. */
    public Creation resolved(Function<String, OptionalLong> users, Function<String, OptionalLong> groups) {
        return new Creation(mode, resolved(owner, users), group.map(g -> resolved(g, groups)));
    }

    /** Whether a name was not found, or not looked up. */
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
