// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.Optional;

/**
 * What a rule says of how it is carried out, whatever it does.
 *
 * @param create what to make of a target that is not there; empty: nothing
 * @param propagation empty: as is usual for what the rule does
 * @param required whether the login is refused where source or target is missing; if not, that target is left out
 * @param onError what a refusal that comes from this rule means; empty: as the settings say
 * @param replace whether a target is taken over from an earlier rule
 * @param weaken whether the flags of the mount that is hidden do not hold for what hides it
 * @param lifetime for whom a private folder is and how long it is kept; means nothing where there is none
 * @param sharing whose the whole view is for whom the rule is; empty: as the settings say
 * @param entrance who may enter it from outside; empty: as the settings say
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
