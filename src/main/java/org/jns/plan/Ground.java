// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.List;
import org.jns.model.AbsPath;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.MountFlags;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.jns.model.Subject;

/** Finds out what a wish's target will be when its turn comes: the host's, or what a step above has put there. */
final class Ground {
    private static final Ownership PLAIN_FOLDER = new Ownership(0755, 0, 0);
    private static final Ownership PLAIN_FILE = new Ownership(0644, 0, 0);

    private final Located located;
    private final Subject subject;
    private final Facts facts;

    private Ground(Located located, Subject subject, Facts facts) {
        this.located = located;
        this.subject = subject;
        this.facts = facts;
    }

    /** Also puts the mount points that are needed there into the layers. */
    static Fact.Present of(Located located, Subject subject, Facts facts, Layers layers) throws Refusal {
        return new Ground(located, subject, facts).find(layers);
    }

    private Fact.Present find(Layers layers) throws Refusal {
        // What the host has mounted there is hidden too, if only by what lies above; its flags must not get lost on the way.
        MountFlags flags = facts.at(written()) instanceof Fact.Present onHost ? onHost.flags() : MountFlags.NONE;
        for (Layers.Layer layer : layers.above(located.target())) {
            Step step = layer.step();
            if (step instanceof Step.ReadOnly readOnly) {
                flags = flags.plus(readOnly.flags());
            } else if (step instanceof Step.Bind bind) {
                return withFlags(inSource(layer), flags.plus(bind.flags()));
            } else if (step instanceof Step.Instance instance) {
                return inFresh(step, flags.plus(instance.flags()), layers);
            } else if (step instanceof Step.Tmpfs tmpfs) {
                return inFresh(step, flags.plus(tmpfs.flags()), layers);
            } else {
                throw located.refusal(step.onto() + " is hidden by rule " + step.origin() + "; take one of the two out");
            }
        }
        return withFlags(present(facts.at(written()), "there is nothing at " + located.target() + "; create it, or take the rule out"), flags);
    }

    private AbsPath written() {
        return located.wish().target();
    }

    private Fact.Present present(Fact fact, String missing) throws Refusal {
        if (fact instanceof Fact.Present present) {
            return present;
        }
        throw located.refusal(fact instanceof Fact.Unusable unusable ? unusable.why() : missing);
    }

    private static Fact.Present withFlags(Fact.Present fact, MountFlags more) {
        MountFlags flags = fact.flags().plus(more);
        return new Fact.Present(fact.resolved(), fact.kind(), fact.mode(), fact.uid(), fact.gid(), flags, fact.rootOnly());
    }

    private Fact.Present inSource(Layers.Layer layer) throws Refusal {
        Wish outer = layer.located().wish();
        if (!written().isBelow(outer.target())) {
            throw located.refusal("rule " + outer.origin() + " calls the folder around it " + outer.target()
                    + ", this one " + written().parent() + "; use one name in both");
        }
        AbsPath source = outer.source().orElseThrow();
        AbsPath place;
        AbsPath direct;
        try {
            place = written().rebase(outer.target(), source);
            direct = place.rebase(source, ((Step.Bind) layer.step()).from());
        } catch (IllegalArgumentException e) {
            throw located.refusal(e.getMessage());
        }
        Fact.Present there = present(facts.at(place), "there is nothing at " + place + ", which rule " + outer.origin() + " shows there");
        if (!there.resolved().equals(direct)) {
            throw located.refusal(place + ", which rule " + outer.origin() + " shows there, leads through a symbolic link");
        }
        return there;
    }

    /** A private folder or a tmpfs begins empty: the mount points inside are made. */
    private Fact.Present inFresh(Step above, MountFlags flags, Layers layers) throws Refusal {
        Directive directive = located.wish().directive();
        if (directive instanceof Directive.ReadOnly || directive instanceof Directive.Hide) {
            throw located.refusal("rule " + above.origin() + " has put something empty on " + above.onto());
        }
        boolean folder = located.wish().source().isEmpty() || isFolder(facts.at(located.wish().source().get()));
        Ownership ownership = ownership(folder);
        List<String> names = located.target().components();
        AbsPath path = above.onto();
        for (int i = path.components().size(); i < names.size() - 1; i++) {
            path = path.child(names.get(i));
            layers.make(new Step.MakeMountPoint(located.origin(), path, true, PLAIN_FOLDER));
        }
        layers.make(new Step.MakeMountPoint(located.origin(), located.target(), folder, ownership));
        Fact.Kind kind = folder ? Fact.Kind.DIRECTORY : Fact.Kind.FILE;
        return new Fact.Present(located.target(), kind, ownership.mode(), ownership.uid(), ownership.gid(), flags, false);
    }

    /** As on the host, if it is there and neither a link nor somebody else's: what anybody can put into a /tmp decides nothing. */
    private Ownership ownership(boolean folder) {
        boolean usable = facts.at(written()) instanceof Fact.Present real
                && isFolder(real) == folder
                && real.resolved().equals(located.target())
                && (real.uid() == 0 || real.uid() == subject.uid());
        if (!usable) {
            return folder ? PLAIN_FOLDER : PLAIN_FILE;
        }
        Fact.Present real = (Fact.Present) facts.at(written());
        return new Ownership(real.mode() & (folder ? 03777 : 0777), real.uid(), real.gid());
    }

    static boolean isFolder(Fact fact) {
        return fact instanceof Fact.Present present && present.kind() == Fact.Kind.DIRECTORY;
    }
}
