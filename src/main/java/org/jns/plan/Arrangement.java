// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.Plan;

/**
 * Resolves the target of each target request, and drops the requests that are overridden by a later rule, or that may
 * be left out because something is missing.
 */
final class Arrangement {
    private final Facts facts;
    private final List<Plan.LeftOut> leftOut;
    private final List<Wish> wishes;
    private final Map<Wish, AbsPath> places = new IdentityHashMap<>();

    private Arrangement(List<Wish> wishes, Facts facts, List<Plan.LeftOut> leftOut) {
        this.wishes = new ArrayList<>(wishes);
        this.facts = facts;
        this.leftOut = leftOut;
    }

    /**
     * The remaining requests, parents before children; otherwise in their original order.
     *
     * @param leftOut gets the others
     */
    static List<Located> of(List<Wish> wishes, Facts facts, List<Plan.LeftOut> leftOut) throws Refusal {
        Arrangement arrangement = new Arrangement(wishes, facts, leftOut);
        arrangement.leaveOut(arrangement.withoutSource());
        // The resolution of a target depends on those around it, so after one is dropped the others are resolved again.
        boolean settled = false;
        while (!settled) {
            Map<Wish, String> out = arrangement.locate();
            if (out.isEmpty()) {
                out = arrangement.replaced();
            }
            arrangement.leaveOut(out);
            settled = out.isEmpty();
        }
        List<Located> all = new ArrayList<>();
        for (Wish wish : arrangement.wishes) {
            all.add(new Located(wish, arrangement.places.get(wish)));
        }
        all.sort((a, b) -> Integer.compare(
                a.target().components().size(), b.target().components().size()));
        return all;
    }

    private void leaveOut(Map<Wish, String> out) {
        for (Wish wish : List.copyOf(wishes)) {
            if (out.containsKey(wish)) {
                leftOut.add(new Plan.LeftOut(wish.origin(), wish.target(), out.get(wish)));
            }
        }
        wishes.removeIf(out::containsKey);
    }

    private Map<Wish, String> withoutSource() {
        Map<Wish, String> out = new IdentityHashMap<>();
        for (Wish wish : wishes) {
            if (!wish.terms().required()) {
                nothingToShow(wish).ifPresent(why -> out.put(wish, why));
            }
        }
        return out;
    }

    private Optional<String> nothingToShow(Wish wish) {
        for (AbsPath source : wish.sources()) {
            if (facts.at(source) instanceof Fact.Missing) {
                return Optional.of("there is nothing at " + source);
            }
        }
        if (!wish.isPassThrough()) {
            return Optional.empty();
        }
        // In a folder where everybody may create files, an existing file must not stop other users' logins.
        Fact there = facts.at(wish.target());
        return there instanceof Fact.Unusable unusable
                ? Optional.of(unusable.why())
                : there instanceof Fact.Missing
                        ? Optional.of("there is nothing at " + wish.target())
                        : Optional.empty();
    }

    /**
     * If a rule covers a folder, none of the host's files are visible in it: a target below it is where its name says,
     * whatever the host has there. In a /tmp that is about to become private, anybody could have made a link to
     * redirect the target, or to stop the login.
     *
     * @return the requests to leave out
     */
    private Map<Wish, String> locate() throws Refusal {
        List<Wish> outerFirst = new ArrayList<>(wishes);
        outerFirst.sort((a, b) -> Integer.compare(
                a.target().components().size(), b.target().components().size()));
        places.clear();
        Map<Wish, String> out = new IdentityHashMap<>();
        Map<AbsPath, AbsPath> replaced = new HashMap<>();
        for (Wish wish : outerFirst) {
            AbsPath outer = wish.target();
            do {
                outer = outer.parent();
            } while (!outer.isRoot() && !replaced.containsKey(outer));
            if (outer.isRoot() && isOptionalAndMissing(wish)) {
                out.put(wish, "there is nothing at " + wish.target());
                continue;
            }
            AbsPath place = outer.isRoot() ? onHost(wish) : inside(wish, outer, replaced.get(outer));
            places.put(wish, place);
            if (wish.replaces()) {
                replaced.putIfAbsent(wish.target(), place);
            }
        }
        return out;
    }

    private boolean isOptionalAndMissing(Wish wish) {
        return !wish.terms().required()
                && wish.terms().create().isEmpty()
                && facts.at(wish.target()) instanceof Fact.Missing;
    }

    private static AbsPath inside(Wish wish, AbsPath outer, AbsPath place) throws Refusal {
        try {
            return wish.target().rebase(outer, place);
        } catch (IllegalArgumentException e) {
            throw new Refusal(wish.origin(), "cannot use target " + wish.target() + ": " + e.getMessage());
        }
    }

    private AbsPath onHost(Wish wish) throws Refusal {
        Fact fact = facts.at(wish.target());
        if (fact instanceof Fact.Unusable unusable) {
            throw new Refusal(wish.origin(), "cannot use target " + wish.target() + ": " + unusable.why());
        }
        if (fact instanceof Fact.Present present) {
            return present.resolved();
        }
        // The target will be created there, so the links on the way to it count.
        boolean made =
                wish.terms().create().isPresent() && facts.at(wish.target().parent()) instanceof Fact.Present;
        return made
                ? inside(
                        wish,
                        wish.target().parent(),
                        ((Fact.Present) facts.at(wish.target().parent())).resolved())
                : wish.target();
    }

    /** Of the requests for one place, those that a later rule overrides. */
    private Map<Wish, String> replaced() {
        Map<Wish, String> out = new IdentityHashMap<>();
        Map<AbsPath, Wish> holders = new HashMap<>();
        for (Wish wish : wishes) {
            AbsPath place = places.get(wish);
            Wish holder = holders.get(place);
            if (holder != null && wish.terms().replace()) {
                out.put(holder, "rule " + wish.origin() + " takes it over");
            }
            if (holder == null || wish.terms().replace()) {
                holders.put(place, wish);
            }
        }
        return out;
    }
}
