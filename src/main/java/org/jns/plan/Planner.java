// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jns.model.AbsPath;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Question;
import org.jns.model.Selection;
import org.jns.model.Step;
import org.jns.model.Subject;

/** Turns what rules wish for a subject into what is done, in order. */
public final class Planner {

    private Planner() {}

    /** The paths that {@link #plan} must know about. */
    public static List<Question> questions(Selection selection, Subject subject) {
        List<Question> questions = new ArrayList<>();
        try {
            List<Wish> wishes = Wish.of(selection, subject);
            for (Wish wish : wishes) {
                questions.add(new Question(wish.target(), false));
                wish.source().ifPresent(source -> {
                    questions.add(new Question(source, true));
                    // A target below another rule's target is looked up in what that rule puts there.
                    for (Wish inner : wishes) {
                        if (inner.target().isBelow(wish.target())) {
                            questions.add(new Question(inner.target().rebase(wish.target(), source), false));
                        }
                    }
                });
            }
        } catch (Refusal e) {
            return List.of();
        }
        return questions;
    }

    /**
     * @param reserved folders of jns itself, which no rule may cover or use
     */
    public static Planned plan(Selection selection, Subject subject, Facts facts, List<AbsPath> reserved) {
        try {
            List<Placed> placed = new ArrayList<>();
            List<Step> steps = new ArrayList<>();
            for (Located wish : located(Wish.of(selection, subject), facts)) {
                refuseReserved(wish, reserved);
                refuseDuplicate(wish, placed);
                Step step = new StepMaker(wish, facts, nearestAbove(wish.target(), placed), steps).step();
                steps.add(step);
                placed.add(new Placed(wish, step));
            }
            return new Planned.Ready(new Plan(subject, steps));
        } catch (Refusal e) {
            return new Planned.Refused(e.origin(), e.getMessage());
        }
    }

    /** A wish with its target's links resolved. */
    record Located(Wish wish, AbsPath target) {}

    /** A wish that has become a step. */
    record Placed(Located located, Step step) {}

    /** Parents before children; else as the rules have it. */
    private static List<Located> located(List<Wish> wishes, Facts facts) throws Refusal {
        List<Located> located = new ArrayList<>();
        for (Wish wish : wishes) {
            Fact fact = facts.at(wish.target());
            if (fact instanceof Fact.Unusable unusable) {
                throw new Refusal(wish.origin(), "cannot use target " + wish.target() + ": " + unusable.why());
            }
            located.add(new Located(wish, fact instanceof Fact.Present present ? present.resolved() : wish.target()));
        }
        located.sort(Comparator.comparingInt(l -> l.target().components().size()));
        return located;
    }

    private static void refuseReserved(Located wish, List<AbsPath> reserved) throws Refusal {
        for (AbsPath own : reserved) {
            List<AbsPath> used = new ArrayList<>(List.of(wish.target()));
            wish.wish().source().ifPresent(used::add);
            for (AbsPath path : used) {
                boolean covers = own.isAtOrBelow(wish.target());
                if (covers || path.isAtOrBelow(own)) {
                    throw new Refusal(
                            wish.wish().origin(), "cannot use " + path + ": " + own + " belongs to jns; choose another folder in this rule");
                }
            }
        }
    }

    private static void refuseDuplicate(Located wish, List<Placed> placed) throws Refusal {
        for (Placed earlier : placed) {
            if (earlier.located().target().equals(wish.target())) {
                throw new Refusal(
                        wish.wish().origin(),
                        "cannot use target " + wish.target() + " twice: rule " + earlier.step().origin()
                                + " has it already; change the target or who the rules are for");
            }
        }
    }

    private static Placed nearestAbove(AbsPath target, List<Placed> placed) {
        Placed nearest = null;
        for (Placed candidate : placed) {
            boolean above = target.isBelow(candidate.located().target());
            if (above && (nearest == null || candidate.located().target().isBelow(nearest.located().target()))) {
                nearest = candidate;
            }
        }
        return nearest;
    }

    static String verb(Directive directive) {
        return directive.accept(new Directive.Visitor<>() {
            @Override
            public String privateDir(Directive.PrivateDir d) {
                return "make private";
            }

            @Override
            public String bind(Directive.Bind d) {
                return "bind on";
            }

            @Override
            public String tmpfs(Directive.Tmpfs d) {
                return "put tmpfs on";
            }

            @Override
            public String hide(Directive.Hide d) {
                return "hide";
            }

            @Override
            public String readOnly(Directive.ReadOnly d) {
                return "make read-only";
            }
        });
    }
}
