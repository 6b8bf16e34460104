// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Question;
import org.jns.model.Selection;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Volume;

/** Turns the rules' requests for a subject into steps, in order. */
public final class Planner {

    private Planner() {}

    /** The paths that {@link #plan} needs facts about. */
    public static List<Question> questions(Selection selection, Subject subject) {
        List<TargetRequest> requests;
        try {
            requests = TargetRequest.of(selection, subject);
        } catch (Refusal e) {
            return List.of();
        }
        List<Question> questions = new ArrayList<>();
        for (TargetRequest request : requests) {
            questions.add(new Question(request.target(), false));
            request.sources().forEach(source -> questions.add(new Question(source, true)));
            if (request.terms().create().isPresent()) {
                questions.add(new Question(request.target().parent(), true));
            }
        }
        for (TargetRequest outer : requests) {
            // A target below another rule's target is looked up in what that rule puts there.
            outer.shown().forEach(source -> inSource(outer.target(), source, requests, questions));
        }
        return questions;
    }

    private static void inSource(
            AbsPath target, AbsPath source, List<TargetRequest> requests, List<Question> questions) {
        for (TargetRequest inner : requests) {
            if (inner.target().isBelow(target) && !source.equals(target)) {
                try {
                    questions.add(new Question(inner.target().rebase(target, source), false));
                } catch (IllegalArgumentException e) {
                    // Too long for a path: there is nothing to ask, and the plan will be refused.
                    continue;
                }
            }
        }
    }

    /** @param reserved folders of jns itself, which no rule may cover or use */
    public static Planned plan(Selection selection, Subject subject, Facts facts, List<AbsPath> reserved) {
        try {
            Layers layers = new Layers();
            List<Plan.LeftOut> leftOut = new ArrayList<>();
            List<ResolvedTarget> requests = Arrangement.of(TargetRequest.of(selection, subject), facts, leftOut);
            for (ResolvedTarget request : requests) {
                refuseReserved(request, facts, reserved);
                refuseDuplicate(request, layers);
                if (nothingHides(request, layers)) {
                    leftOut.add(
                            new Plan.LeftOut(request.origin(), request.request().target(), "nothing hides it"));
                } else {
                    plan(request, subject, facts, layers, leftOut);
                }
            }
            List<Volume> volumes = VolumeMaker.all(selection, subject, reserved, requests);
            return new Planned.Ready(new Plan(
                    subject,
                    layers.steps(),
                    volumes,
                    HookMaker.all(selection, subject),
                    leftOut,
                    SpaceMaker.all(selection)));
        } catch (Refusal e) {
            return new Planned.Refused(e.origin(), e.getMessage());
        }
    }

    private static void plan(
            ResolvedTarget request, Subject subject, Facts facts, Layers layers, List<Plan.LeftOut> leftOut)
            throws Refusal {
        Fact.Present hidden;
        try {
            hidden = Ground.of(request, subject, facts, layers);
        } catch (Refusal e) {
            if (request.request().terms().required() || e.missing().isEmpty()) {
                throw e;
            }
            leftOut.add(new Plan.LeftOut(
                    request.origin(), request.request().target(), e.missing().get()));
            return;
        }
        Step step = StepMaker.make(request, subject, facts, hidden);
        if (step instanceof Step.PrivateFolder privateFolder) {
            refuseUnlike(request, privateFolder, layers);
        }
        layers.add(request, step);
    }

    /** The host's own proc is there already, unless something else is around it. */
    private static boolean nothingHides(ResolvedTarget request, Layers layers) {
        if (!request.request().isPassThrough()) {
            return false;
        }
        List<Layers.Layer> above = layers.above(request.target());
        return above.isEmpty()
                || (isPlain(request.request())
                        && isPlain(above.get(0).resolved().request()));
    }

    private static boolean isPlain(TargetRequest request) {
        return request.isPassThrough() && request.directive().options().flags().isEmpty();
    }

    /** A folder that targets share has one owner and mode, and one set of initial files. */
    private static void refuseUnlike(ResolvedTarget request, Step.PrivateFolder step, Layers layers) throws Refusal {
        Optional<Step.PrivateFolder> first = layers.showing(step.key());
        if (first.isEmpty()) {
            return;
        }
        if (!first.get().ownership().equals(step.ownership())) {
            throw request.refusal("the folder that it shares would be " + step.ownership() + " here and "
                    + first.get().ownership() + " at " + first.get().onto() + "; set mode, uid and gid in options");
        }
        if (!first.get().lifetime().equals(step.lifetime())) {
            throw request.refusal("the folder that it shares is kept another time at "
                    + first.get().onto() + "; let both have the same per and keep");
        }
        if (!first.get().skel().equals(step.skel())) {
            throw request.refusal("the folder that it shares has another skel at "
                    + first.get().onto() + "; let both have the same");
        }
    }

    private static void refuseReserved(ResolvedTarget request, Facts facts, List<AbsPath> reserved) throws Refusal {
        if (request.target().isRoot()) {
            throw request.refusal("it is everything; name the folders");
        }
        List<AbsPath> used = new ArrayList<>(List.of(request.target()));
        List<AbsPath> sources = new ArrayList<>(request.request().shown());
        request.request().skel().ifPresent(sources::add);
        for (AbsPath source : sources) {
            used.add(source);
            if (facts.at(source) instanceof Fact.Present present) {
                used.add(present.resolved());
            }
        }
        for (AbsPath own : reserved) {
            for (AbsPath path : used) {
                if (own.isAtOrBelow(request.target()) || path.isAtOrBelow(own)) {
                    throw new Refusal(
                            request.origin(),
                            "cannot use " + path + ": " + own + " belongs to jns; choose another folder in this rule");
                }
            }
        }
    }

    private static void refuseDuplicate(ResolvedTarget request, Layers layers) throws Refusal {
        Optional<Layers.Layer> earlier = layers.at(request.target());
        if (earlier.isPresent()) {
            throw new Refusal(
                    request.origin(),
                    "cannot use target " + request.target() + " twice: rule "
                            + earlier.get().step().origin()
                            + " has it already; change the target or who the rules are for");
        }
    }
}
