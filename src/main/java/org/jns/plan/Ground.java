// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.List;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.Creation;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.MountFlags;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.jns.model.Subject;

/**
 * Finds out what is at a request's target when its turn comes: the host's file, or what an earlier step has put there.
 */
final class Ground {
    private static final Ownership PLAIN_FOLDER = new Ownership(0755, 0, 0);
    private static final Ownership PLAIN_FILE = new Ownership(0644, 0, 0);

    private final ResolvedTarget resolved;
    private final Subject subject;
    private final Facts facts;

    private Ground(ResolvedTarget resolved, Subject subject, Facts facts) {
        this.resolved = resolved;
        this.subject = subject;
        this.facts = facts;
    }

    /** Also adds the required mount points to the layers. */
    static Fact.Present of(ResolvedTarget resolved, Subject subject, Facts facts, Layers layers) throws Refusal {
        return new Ground(resolved, subject, facts).find(layers);
    }

    private Fact.Present find(Layers layers) throws Refusal {
        // A mount of the host there is hidden too, even if only by what lies above; its flags must not be lost.
        MountFlags flags = facts.at(written()) instanceof Fact.Present onHost ? onHost.flags() : MountFlags.NONE;
        for (Layers.Layer layer : layers.above(resolved.target())) {
            Step step = layer.step();
            flags = flags.plus(step.flags());
            if (step instanceof Step.ReadOnly) {
                continue;
            } else if (step instanceof Step.Bind bind) {
                return withFlags(inSource(layer, bind.from()), flags);
            } else if (step instanceof Step.PassThrough passThrough) {
                return withFlags(inSource(layer, passThrough.from()), flags);
            } else if (step instanceof Step.PrivateFolder || step instanceof Step.Tmpfs) {
                return inFresh(
                        step, flags, "rule " + step.origin() + " has put something empty on " + step.onto(), layers);
            } else if (step instanceof Step.Overlay overlay) {
                return inOverlay(layer, overlay, flags, layers);
            } else if (step instanceof Step.Proc proc) {
                return inProc(proc, flags);
            } else {
                throw resolved.refusal(
                        step.onto() + " is hidden by rule " + step.origin() + "; take one of the two out");
            }
        }
        Optional<Creation> create = resolved.request().terms().create();
        if (create.isPresent() && facts.at(written()) instanceof Fact.Missing) {
            return withFlags(created(create.get(), layers), flags);
        }
        return withFlags(
                present(
                        facts.at(written()),
                        "there is nothing at " + resolved.target(),
                        "; create it, or take the rule out"),
                flags);
    }

    private AbsPath written() {
        return resolved.request().target();
    }

    private Fact.Present present(Fact fact, String missing, String advice) throws Refusal {
        if (fact instanceof Fact.Present present) {
            return present;
        }
        throw fact instanceof Fact.Unusable unusable
                ? resolved.refusal(unusable.why())
                : resolved.missing(missing, advice);
    }

    /** If another user could replace a folder on the way, the new file could end up anywhere. */
    private Fact.Present created(Creation create, Layers layers) throws Refusal {
        AbsPath parent = written().parent();
        Fact.Present around = present(
                facts.at(parent),
                "there is nothing at " + parent,
                ", so that " + written().name() + " cannot be created in it");
        if (around.kind() != Fact.Kind.DIRECTORY) {
            throw resolved.refusal(parent + " is not a folder");
        }
        if (!around.rootOnly()) {
            throw resolved.refusal("there is nothing at " + resolved.target()
                    + ", and it is created only where root alone can write along the whole way to it; "
                    + "create it by hand, or take the rule out");
        }
        Ownership ownership = ownership(create);
        Fact.Present usual =
                new Fact.Present(resolved.target(), Fact.Kind.DIRECTORY, 0755, 0, 0, around.flags(), false);
        if (Sensitive.is(resolved.target()) && Sensitive.isLaxer(ownership, usual)) {
            throw resolved.refusal("root reads there, and others than root could write to what is created (" + ownership
                    + "); let root own it, as in create = 0755");
        }
        boolean folder = isFolderWished();
        layers.create(new Step.Create(resolved.origin(), resolved.target(), folder, ownership));
        return madeNow(folder, ownership, around.flags());
    }

    private Fact.Present madeNow(boolean folder, Ownership ownership, MountFlags flags) {
        Fact.Kind kind = folder ? Fact.Kind.DIRECTORY : Fact.Kind.FILE;
        return new Fact.Present(
                resolved.target(), kind, ownership.mode(), ownership.uid(), ownership.gid(), flags, false);
    }

    private Ownership ownership(Creation create) throws Refusal {
        long uid = id(create.owner(), subject.uid(), "user");
        boolean ofSubject = create.owner() instanceof Creation.OfSubject;
        long gid = create.group().isPresent()
                ? id(create.group().get(), subject.gid(), "group")
                : ofSubject ? subject.gid() : 0;
        return new Ownership(create.mode(), uid, gid);
    }

    private long id(Creation.Owner owner, long ofSubject, String what) throws Refusal {
        if (owner instanceof Creation.Numbered numbered) {
            return numbered.id();
        }
        if (!(owner instanceof Creation.Named named)) {
            return ofSubject;
        }
        if (named.id().isEmpty()) {
            throw resolved.refusal("there is no " + what + " " + named.name() + ", whom create names; add the " + what
                    + ", or name another");
        }
        return named.id().getAsLong();
    }

    private static Fact.Present withFlags(Fact.Present fact, MountFlags more) {
        MountFlags flags = fact.flags().plus(more);
        return new Fact.Present(
                fact.resolved(), fact.kind(), fact.mode(), fact.uid(), fact.gid(), flags, fact.rootOnly());
    }

    private Fact.Present inSource(Layers.Layer layer, AbsPath from) throws Refusal {
        AbsPath source = layer.resolved().request().shown().get(0);
        AbsPath place = place(layer, source);
        String missing = "there is nothing at " + place + ", which rule "
                + layer.resolved().origin() + " shows there";
        return direct(layer, place, source, from, present(facts.at(place), missing, ""));
    }

    /** The target's path inside what an earlier step shows. */
    private AbsPath place(Layers.Layer layer, AbsPath source) throws Refusal {
        TargetRequest outer = layer.resolved().request();
        if (!written().isBelow(outer.target())) {
            throw resolved.refusal("rule " + outer.origin() + " calls the folder around it " + outer.target()
                    + ", this one " + written().parent() + "; use one name in both");
        }
        try {
            return written().rebase(outer.target(), source);
        } catch (IllegalArgumentException e) {
            throw resolved.refusal(e.getMessage());
        }
    }

    private Fact.Present direct(Layers.Layer layer, AbsPath place, AbsPath source, AbsPath from, Fact.Present there)
            throws Refusal {
        AbsPath direct;
        try {
            direct = place.rebase(source, from);
        } catch (IllegalArgumentException e) {
            throw resolved.refusal(e.getMessage());
        }
        if (!there.resolved().equals(direct)) {
            throw resolved.refusal(place + ", which rule " + layer.resolved().origin()
                    + " shows there, leads through a symbolic link");
        }
        return there;
    }

    /**
     * The topmost folder that contains it is visible. If the user's changes are kept, they may have removed it: then it
     * is made again.
     */
    private Fact.Present inOverlay(Layers.Layer layer, Step.Overlay step, MountFlags flags, Layers layers)
            throws Refusal {
        List<AbsPath> lower = layer.resolved().request().shown();
        for (int i = 0; i < lower.size(); i++) {
            AbsPath place = place(layer, lower.get(i));
            Fact fact = facts.at(place);
            if (fact instanceof Fact.Missing) {
                continue;
            }
            Fact.Present there = direct(layer, place, lower.get(i), step.lower().get(i), present(fact, "", ""));
            if (step.key().isPresent()) {
                make(
                        step,
                        isFolder(there),
                        new Ownership(there.mode() & (isFolder(there) ? 03777 : 0777), there.uid(), there.gid()),
                        layers);
            }
            return withFlags(there, flags);
        }
        return inFresh(
                step, flags, "there is nothing at " + written() + " in what rule " + step.origin() + " shows", layers);
    }

    /** A fresh proc has the same files as the host's, but nothing can be created in it. */
    private Fact.Present inProc(Step.Proc step, MountFlags flags) throws Refusal {
        if (step.onlyPids()) {
            throw resolved.missing(
                    "rule " + step.origin() + " shows processes there and nothing else",
                    "; take subset=pid out of it, or this rule");
        }
        return withFlags(
                present(facts.at(written()), "there is nothing at " + written(), "; take the rule out"), flags);
    }

    /** A private folder or a tmpfs begins empty: the mount points inside are made. */
    private Fact.Present inFresh(Step above, MountFlags flags, String nothing, Layers layers) throws Refusal {
        Directive directive = resolved.request().directive();
        if (directive instanceof Directive.ReadOnly || directive instanceof Directive.Hide) {
            throw resolved.missing(nothing, "");
        }
        boolean folder = isFolderWished();
        Optional<Creation> create = resolved.request().terms().create();
        Ownership ownership = create.isPresent() ? ownership(create.get()) : ownership(folder);
        // If the user could not remove the leftover mount point one day, it is root-owned.
        boolean rootsOwn = create.isEmpty() && above.flags().has(MountFlags.RO);
        make(above, folder, rootsOwn ? plain(folder) : ownership, layers);
        return madeNow(folder, ownership, flags);
    }

    private void make(Step above, boolean folder, Ownership ownership, Layers layers) {
        List<String> names = resolved.target().components();
        AbsPath path = above.onto();
        for (int i = path.components().size(); i < names.size() - 1; i++) {
            path = path.child(names.get(i));
            layers.make(new Step.MakeMountPoint(resolved.origin(), path, true, PLAIN_FOLDER));
        }
        layers.make(new Step.MakeMountPoint(resolved.origin(), resolved.target(), folder, ownership));
    }

    private boolean isFolderWished() {
        List<AbsPath> shown = resolved.request().shown();
        return shown.isEmpty() || isFolder(facts.at(shown.get(0)));
    }

    /**
     * Like on the host, if the path exists there and is neither a link nor owned by another user: what anybody can put
     * into a /tmp must not decide anything.
     */
    private Ownership ownership(boolean folder) {
        boolean usable = facts.at(written()) instanceof Fact.Present real
                && isFolder(real) == folder
                && real.resolved().equals(resolved.target())
                && (real.uid() == 0 || real.uid() == subject.uid());
        if (!usable) {
            return plain(folder);
        }
        Fact.Present real = (Fact.Present) facts.at(written());
        return new Ownership(real.mode() & (folder ? 03777 : 0777), real.uid(), real.gid());
    }

    private static Ownership plain(boolean folder) {
        return folder ? PLAIN_FOLDER : PLAIN_FILE;
    }

    static boolean isFolder(Fact fact) {
        return fact instanceof Fact.Present present && present.kind() == Fact.Kind.DIRECTORY;
    }
}
