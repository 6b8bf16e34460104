// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.Origin;

/** A wish, and where its target is once the links on the way are followed. */
record Located(Wish wish, AbsPath target) {

    Origin origin() {
        return wish.origin();
    }

    Refusal refusal(String why) {
        return new Refusal(origin(), "cannot " + Doing.words(this) + ": " + why);
    }

    /** All wishes, parents before children; else in the order that they have. */
    static List<Located> all(List<Wish> wishes, Facts facts) throws Refusal {
        Map<Wish, AbsPath> places = places(wishes, facts);
        List<Located> all = new ArrayList<>();
        for (Wish wish : wishes) {
            all.add(new Located(wish, places.get(wish)));
        }
        all.sort(Comparator.comparingInt(l -> l.target().components().size()));
        return all;
    }

    /**
     * What a rule puts something else on has nothing of the host's in it: a target below it is where its name says, whatever the host has
     * there. In a /tmp that is about to become private, anybody could have put a link to lead it astray, or to stop the login.
     */
    private static Map<Wish, AbsPath> places(List<Wish> wishes, Facts facts) throws Refusal {
        List<Wish> outerFirst = new ArrayList<>(wishes);
        outerFirst.sort(Comparator.comparingInt(w -> w.target().components().size()));
        Map<Wish, AbsPath> places = new IdentityHashMap<>();
        Map<AbsPath, AbsPath> replaced = new HashMap<>();
        for (Wish wish : outerFirst) {
            AbsPath outer = wish.target();
            do {
                outer = outer.parent();
            } while (!outer.isRoot() && !replaced.containsKey(outer));
            AbsPath place = outer.isRoot() ? onHost(wish, facts) : inside(wish, outer, replaced.get(outer));
            places.put(wish, place);
            if (wish.replaces()) {
                replaced.putIfAbsent(wish.target(), place);
            }
        }
        return places;
    }

    private static AbsPath inside(Wish wish, AbsPath outer, AbsPath place) throws Refusal {
        try {
            return wish.target().rebase(outer, place);
        } catch (IllegalArgumentException e) {
            throw new Refusal(wish.origin(), "cannot use target " + wish.target() + ": " + e.getMessage());
        }
    }

    private static AbsPath onHost(Wish wish, Facts facts) throws Refusal {
        Fact fact = facts.at(wish.target());
        if (fact instanceof Fact.Unusable unusable) {
            throw new Refusal(wish.origin(), "cannot use target " + wish.target() + ": " + unusable.why());
        }
        return fact instanceof Fact.Present present ? present.resolved() : wish.target();
    }
}
