// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Optional;

/**
 * How a rule is carried out, independent of its action.
 *
 * @param create how to create a missing target; empty: it is not created
 * @param propagation empty: the default of the action
 * @param required whether the login is refused if source or target is missing; if not, that target is left out
 * @param onError what a refusal that comes from this rule means; empty: according to the settings
 * @param replace whether a target is taken over from an earlier rule
 * @param weaken whether the flags of the hidden mount do not apply to the new one
 * @param lifetime which sessions use a private folder and how long it is kept; ignored if the rule has none
 * @param sharing which sessions share the whole view; empty: according to the settings
 * @param entrance who may enter it from outside; empty: according to the settings
 */
public record Terms(
        Optional<Creation> create,
        Optional<Propagation> propagation,
        boolean required,
        Optional<OnError> onError,
        boolean replace,
        boolean weaken,
        Lifetime lifetime,
        Optional<Sharing> sharing,
        Optional<Entrance> entrance) {

    public static final Terms USUAL =
            new Terms(Optional.empty(), Optional.empty(), true, Optional.empty(), false, false);

    public Terms(
            Optional<Creation> create,
            Optional<Propagation> propagation,
            boolean required,
            Optional<OnError> onError,
            boolean replace,
            boolean weaken) {
        this(
                create,
                propagation,
                required,
                onError,
                replace,
                weaken,
                Lifetime.FOREVER,
                Optional.empty(),
                Optional.empty());
    }

    public Terms withCreate(Creation other) {
        return new Terms(
                Optional.of(other), propagation, required, onError, replace, weaken, lifetime, sharing, entrance);
    }

    public Terms withLifetime(Lifetime other) {
        return new Terms(create, propagation, required, onError, replace, weaken, other, sharing, entrance);
    }

    public Terms withSharing(Sharing other) {
        return new Terms(
                create, propagation, required, onError, replace, weaken, lifetime, Optional.of(other), entrance);
    }

    public Terms withEntrance(Entrance other) {
        return new Terms(
                create, propagation, required, onError, replace, weaken, lifetime, sharing, Optional.of(other));
    }
}
