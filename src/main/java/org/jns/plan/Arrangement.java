// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final List<TargetRequest> requests;
    private final Map<TargetRequest, AbsPath> places = new IdentityHashMap<>();

    private Arrangement(List<TargetRequest> requests, Facts facts, List<Plan.LeftOut> leftOut) {
        this.requests = new ArrayList<>(requests);
        this.facts = facts;
        this.leftOut = leftOut;
    }

    /**
     * The remaining requests, parents before children; otherwise in their original order.
     *
     * @param leftOut gets the others
     */
    static List<ResolvedTarget> of(List<TargetRequest> requests, Facts facts, List<Plan.LeftOut> leftOut)
            throws Refusal {
        Arrangement arrangement = new Arrangement(requests, facts, leftOut);
        arrangement.leaveOut(arrangement.withoutSource());
        // The resolution of a target depends on those around it, so after one is dropped the others are resolved again.
        boolean settled = false;
        while (!settled) {
            Map<TargetRequest, String> out = arrangement.locate();
            if (out.isEmpty()) {
                out = arrangement.replaced();
            }
            arrangement.leaveOut(out);
            settled = out.isEmpty();
        }
        List<ResolvedTarget> all = new ArrayList<>();
        for (TargetRequest request : arrangement.requests) {
            all.add(new ResolvedTarget(request, Objects.requireNonNull(arrangement.places.get(request))));
        }
        all.sort((a, b) -> Integer.compare(
                a.target().components().size(), b.target().components().size()));
        return all;
    }

    private void leaveOut(Map<TargetRequest, String> out) {
        for (TargetRequest request : List.copyOf(requests)) {
            if (out.containsKey(request)) {
                leftOut.add(new Plan.LeftOut(request.origin(), request.target(), out.get(request)));
            }
        }
        requests.removeIf(out::containsKey);
    }

    private Map<TargetRequest, String> withoutSource() {
        Map<TargetRequest, String> out = new IdentityHashMap<>();
        for (TargetRequest request : requests) {
            if (!request.terms().required()) {
                nothingToShow(request).ifPresent(why -> out.put(request, why));
            }
        }
        return out;
    }

    private Optional<String> nothingToShow(TargetRequest request) {
        for (AbsPath source : request.sources()) {
            if (facts.at(source) instanceof Fact.Missing) {
                return Optional.of("there is nothing at " + source);
            }
        }
        if (!request.isPassThrough()) {
            return Optional.empty();
        }
        // In a folder where everybody may create files, an existing file must not stop other users' logins.
        Fact there = facts.at(request.target());
        return there instanceof Fact.Unusable unusable
                ? Optional.of(unusable.why())
                : there instanceof Fact.Missing
                        ? Optional.of("there is nothing at " + request.target())
                        : Optional.empty();
    }

    /**
     * If a rule covers a folder, none of the host's files are visible in it: a target below it is where its name says,
     * whatever the host has there. In a /tmp that is about to become private, anybody could have made a link to
     * redirect the target, or to stop the login.
     *
     * @return the requests to leave out
     */
    private Map<TargetRequest, String> locate() throws Refusal {
        List<TargetRequest> outerFirst = new ArrayList<>(requests);
        outerFirst.sort((a, b) -> Integer.compare(
                a.target().components().size(), b.target().components().size()));
        places.clear();
        Map<TargetRequest, String> out = new IdentityHashMap<>();
        Map<AbsPath, AbsPath> replaced = new HashMap<>();
        for (TargetRequest request : outerFirst) {
            AbsPath outer = request.target();
            do {
                outer = outer.parent();
            } while (!outer.isRoot() && !replaced.containsKey(outer));
            if (outer.isRoot() && isOptionalAndMissing(request)) {
                out.put(request, "there is nothing at " + request.target());
                continue;
            }
            AbsPath place = outer.isRoot()
                    ? onHost(request)
                    : inside(request, outer, Objects.requireNonNull(replaced.get(outer)));
            places.put(request, place);
            if (request.replaces()) {
                replaced.putIfAbsent(request.target(), place);
            }
        }
        return out;
    }

    private boolean isOptionalAndMissing(TargetRequest request) {
        return !request.terms().required()
                && request.terms().create().isEmpty()
                && facts.at(request.target()) instanceof Fact.Missing;
    }

    private static AbsPath inside(TargetRequest request, AbsPath outer, AbsPath place) throws Refusal {
        try {
            return request.target().rebase(outer, place);
        } catch (IllegalArgumentException e) {
            throw new Refusal(request.origin(), "cannot use target " + request.target() + ": " + e.getMessage());
        }
    }

    private AbsPath onHost(TargetRequest request) throws Refusal {
        Fact fact = facts.at(request.target());
        if (fact instanceof Fact.Unusable unusable) {
            throw new Refusal(request.origin(), "cannot use target " + request.target() + ": " + unusable.why());
        }
        if (fact instanceof Fact.Present present) {
            return present.resolved();
        }
        // The target will be created there, so the links on the way to it count.
        boolean made = request.terms().create().isPresent()
                && facts.at(request.target().parent()) instanceof Fact.Present;
        return made
                ? inside(
                        request,
                        request.target().parent(),
                        ((Fact.Present) facts.at(request.target().parent())).resolved())
                : request.target();
    }

    /** Of the requests for one place, those that a later rule overrides. */
    private Map<TargetRequest, String> replaced() {
        Map<TargetRequest, String> out = new IdentityHashMap<>();
        Map<AbsPath, TargetRequest> holders = new HashMap<>();
        for (TargetRequest request : requests) {
            AbsPath place = places.get(request);
            TargetRequest holder = holders.get(place);
            if (holder != null && request.terms().replace()) {
                out.put(holder, "rule " + request.origin() + " takes it over");
            }
            if (holder == null || request.terms().replace()) {
                holders.put(place, request);
            }
        }
        return out;
    }
}
