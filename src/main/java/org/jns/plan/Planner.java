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
import org.jns.model.Subject;

/** Turns what rules wish for a subject into what is done, in order. */
public final class Planner {

    private Planner() {}

    /** The paths that {@link #plan} must know about. */
    public static List<Question> questions(Selection selection, Subject subject) {
        List<Wish> wishes;
        try {
            wishes = Wish.of(selection, subject);
        } catch (Refusal e) {
            return List.of();
        }
        List<Question> questions = new ArrayList<>();
        for (Wish wish : wishes) {
            questions.add(new Question(wish.target(), false));
            wish.source().ifPresent(source -> questions.add(new Question(source, true)));
        }
        for (Wish outer : wishes) {
            // A target below another rule's target is looked up in what that rule puts there.
            outer.source().ifPresent(source -> inSource(outer.target(), source, wishes, questions));
        }
        return questions;
    }

    private static void inSource(AbsPath target, AbsPath source, List<Wish> wishes, List<Question> questions) {
        for (Wish inner : wishes) {
            if (inner.target().isBelow(target)) {
                try {
                    questions.add(new Question(inner.target().rebase(target, source), false));
                } catch (IllegalArgumentException e) {
                    // Too long to be a path: there is nothing to ask, and the plan will be refused.
                    continue;
                }
            }
        }
    }

    /**
     * @param reserved folders of jns itself, which no rule may cover or use
     */
    public static Planned plan(Selection selection, Subject subject, Facts facts, List<AbsPath> reserved) {
        try {
            Layers layers = new Layers();
            for (Located wish : Located.all(Wish.of(selection, subject), facts)) {
                refuseReserved(wish, facts, reserved);
                refuseDuplicate(wish, layers);
                Fact.Present hidden = Ground.of(wish, subject, facts, layers);
                layers.add(wish, StepMaker.make(wish, subject, facts, hidden));
            }
            return new Planned.Ready(new Plan(subject, layers.steps()));
        } catch (Refusal e) {
            return new Planned.Refused(e.origin(), e.getMessage());
        }
    }

    private static void refuseReserved(Located wish, Facts facts, List<AbsPath> reserved) throws Refusal {
        if (wish.target().isRoot()) {
            throw wish.refusal("it is everything; name the folders");
        }
        List<AbsPath> used = new ArrayList<>(List.of(wish.target()));
        if (wish.wish().source().isPresent()) {
            AbsPath source = wish.wish().source().get();
            used.add(source);
            Optional.of(facts.at(source)).filter(Fact.Present.class::isInstance).ifPresent(f -> used.add(((Fact.Present) f).resolved()));
        }
        for (AbsPath own : reserved) {
            for (AbsPath path : used) {
                if (own.isAtOrBelow(wish.target()) || path.isAtOrBelow(own)) {
                    throw new Refusal(wish.origin(), "cannot use " + path + ": " + own + " belongs to jns; choose another folder in this rule");
                }
            }
        }
    }

    private static void refuseDuplicate(Located wish, Layers layers) throws Refusal {
        Optional<Layers.Layer> earlier = layers.at(wish.target());
        if (earlier.isPresent()) {
            throw new Refusal(
                    wish.origin(),
                    "cannot use target " + wish.target() + " twice: rule " + earlier.get().step().origin()
                            + " has it already; change the target or who the rules are for");
        }
    }
}
