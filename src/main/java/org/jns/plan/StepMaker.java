// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.List;
import org.jns.model.AbsPath;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.Origin;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;

/** Makes the step of one wish, after those above it. */
final class StepMaker implements Directive.Visitor<Step> {
    /** Of what is hidden, these hold for what hides it too. Read-only does not: a private folder is there to be written to. */
    private static final MountFlags INHERITED =
            MountFlags.NOSUID.plus(MountFlags.NODEV).plus(MountFlags.NOEXEC).plus(MountFlags.NOSYMFOLLOW);

    private final Wish wish;
    private final AbsPath onto;
    private final Origin origin;
    private final Fact.Present hidden;
    private final Facts facts;
    private Refusal refusal;

    /**
     * @param above the step whose mount the target lies on, or null for the host's file system
     * @param steps where the mount points go that the step needs first
     */
    StepMaker(Planner.Located located, Facts facts, Planner.Placed above, List<Step> steps) throws Refusal {
        this.wish = located.wish();
        this.onto = located.target();
        this.origin = wish.origin();
        this.facts = facts;
        this.hidden = above == null ? onHost() : onStep(above, steps);
    }

    Step step() throws Refusal {
        Step step = wish.directive().accept(this);
        if (refusal != null) {
            throw refusal;
        }
        return step;
    }

    private String doing() {
        return "cannot " + Planner.verb(wish.directive()) + " " + onto;
    }

    private Fact.Present onHost() throws Refusal {
        return present(facts.at(wish.target()), "there is nothing; create it, or take the rule out");
    }

    private Fact.Present present(Fact fact, String missing) throws Refusal {
        if (fact instanceof Fact.Present present) {
            return present;
        }
        String why = fact instanceof Fact.Unusable unusable ? unusable.why() : missing;
        throw new Refusal(origin, doing() + ": " + why);
    }

    private Fact.Present onStep(Planner.Placed above, List<Step> steps) throws Refusal {
        Step step = above.step();
        if (step instanceof Step.Hide) {
            throw new Refusal(origin, doing() + ": " + step.onto() + " is hidden by rule " + step.origin() + "; take one of the two out");
        }
        if (step instanceof Step.ReadOnly readOnly) {
            Fact.Present there = onHost();
            return withFlags(there, there.flags().plus(readOnly.flags()));
        }
        if (step instanceof Step.Bind bind) {
            AbsPath inSource = wish.target().rebase(above.located().wish().target(), above.located().wish().source().orElseThrow());
            Fact fact = facts.byPath().getOrDefault(inSource, new Fact.Missing());
            Fact.Present there = present(fact, "there is nothing at " + inSource + ", which rule " + step.origin() + " shows there");
            return withFlags(there, there.flags().plus(bind.flags()));
        }
        return inFresh(step, steps);
    }

    private static Fact.Present withFlags(Fact.Present fact, MountFlags flags) {
        return new Fact.Present(fact.resolved(), fact.kind(), fact.mode(), fact.uid(), fact.gid(), flags, fact.rootOnly());
    }

    /** A private folder or a tmpfs begins empty: the mount points inside are made. */
    private Fact.Present inFresh(Step above, List<Step> steps) throws Refusal {
        if (wish.directive() instanceof Directive.ReadOnly || wish.directive() instanceof Directive.Hide) {
            throw new Refusal(origin, doing() + ": rule " + above.origin() + " has put something empty on " + above.onto());
        }
        MountFlags flags = above instanceof Step.Instance instance ? instance.flags() : ((Step.Tmpfs) above).flags();
        boolean directory = !wish.source().isPresent() || isDirectory(facts.at(wish.source().get()));
        Ownership plain = new Ownership(directory ? 0755 : 0644, 0, 0);
        Ownership ownership = plain;
        if (facts.at(wish.target()) instanceof Fact.Present real && isDirectory(real) == directory) {
            ownership = new Ownership(real.mode(), real.uid(), real.gid());
        }
        List<String> between = onto.components().subList(above.onto().components().size(), onto.components().size());
        AbsPath path = above.onto();
        for (int i = 0; i < between.size(); i++) {
            path = path.child(between.get(i));
            boolean last = i == between.size() - 1;
            steps.add(new Step.MakeMountPoint(origin, path, !last || directory, last ? ownership : new Ownership(0755, 0, 0)));
        }
        Fact.Kind kind = directory ? Fact.Kind.DIRECTORY : Fact.Kind.FILE;
        return new Fact.Present(onto, kind, ownership.mode(), ownership.uid(), ownership.gid(), flags, false);
    }

    private static boolean isDirectory(Fact fact) {
        return fact instanceof Fact.Present present && present.kind() == Fact.Kind.DIRECTORY;
    }

    private MountFlags flags(MountOptions options) {
        return options.flags().plus(new MountFlags(hidden.flags().bits() & INHERITED.bits()));
    }

    /** Remembered, for a visitor's methods throw nothing that is checked. */
    private Step refuse(String why) {
        refusal = new Refusal(origin, why);
        return null;
    }

    private Ownership ownership(MountOptions options) {
        return new Ownership(options.mode().orElse(hidden.mode() & 03777), options.uid().orElse(hidden.uid()), options.gid().orElse(hidden.gid()));
    }

    private String complaintOfFolder(Ownership shown) {
        if (hidden.kind() != Fact.Kind.DIRECTORY) {
            return doing() + ": it is not a folder";
        }
        if (Sensitive.is(onto) && Sensitive.isLaxer(shown, hidden)) {
            return doing() + ": more people could write to it (" + shown + ") than to what root reads there; take mode, uid and gid out of options";
        }
        return null;
    }

    @Override
    public Step privateDir(Directive.PrivateDir d) {
        Ownership shown = ownership(d.options());
        String complaint = complaintOfFolder(shown);
        return complaint != null ? refuse(complaint) : new Step.Instance(origin, onto, InstanceKey.of(onto), shown, flags(d.options()));
    }

    @Override
    public Step tmpfs(Directive.Tmpfs d) {
        Ownership shown = ownership(d.options());
        String complaint = complaintOfFolder(shown);
        return complaint != null ? refuse(complaint) : new Step.Tmpfs(origin, onto, shown, d.options().size(), d.options().inodes(), flags(d.options()));
    }

    @Override
    public Step bind(Directive.Bind d) {
        AbsPath source = wish.source().orElseThrow();
        String what = "cannot bind " + source + " on " + onto + ": ";
        Fact fact = facts.at(source);
        if (fact instanceof Fact.Unusable unusable) {
            return refuse(what + unusable.why());
        }
        if (!(fact instanceof Fact.Present from)) {
            return refuse(what + "there is nothing at " + source + "; create it, or take the rule out");
        }
        if (isDirectory(from) != isDirectory(hidden)) {
            return refuse(what + (isDirectory(from) ? "a folder cannot cover a file" : "a file cannot cover a folder"));
        }
        if (Sensitive.is(onto) && !from.rootOnly()) {
            return refuse(what + "root reads there, and somebody other than root can change " + source
                    + " or a folder above it; let root own them, writable by root alone");
        }
        return new Step.Bind(origin, from.resolved(), onto, flags(d.options()));
    }

    @Override
    public Step hide(Directive.Hide d) {
        return new Step.Hide(origin, onto, isDirectory(hidden));
    }

    @Override
    public Step readOnly(Directive.ReadOnly d) {
        return new Step.ReadOnly(origin, onto, d.options().flags().plus(MountFlags.RO));
    }
}
