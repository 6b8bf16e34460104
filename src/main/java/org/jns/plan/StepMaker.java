// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.Lifetime;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.Propagation;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.jns.model.Subject;

/** Makes the step of one request, knowing what it will hide. */
final class StepMaker implements Directive.Visitor<Step, Refusal> {
    /** Of what is hidden, these hold for what hides it too. Read-only does not: a private folder is there to be written to. */
    private static final MountFlags INHERITED =
            MountFlags.NOSUID.plus(MountFlags.NODEV).plus(MountFlags.NOEXEC).plus(MountFlags.NOSYMFOLLOW);

    private final ResolvedTarget resolved;
    private final AbsPath onto;
    private final Subject subject;
    private final Facts facts;
    private final Fact.Present hidden;

    private StepMaker(ResolvedTarget resolved, Subject subject, Facts facts, Fact.Present hidden) {
        this.resolved = resolved;
        this.onto = resolved.target();
        this.subject = subject;
        this.facts = facts;
        this.hidden = hidden;
    }

    static Step make(ResolvedTarget resolved, Subject subject, Facts facts, Fact.Present hidden) throws Refusal {
        return resolved.request().directive().accept(new StepMaker(resolved, subject, facts, hidden));
    }

    private MountFlags flags(MountOptions options) {
        return resolved.request().terms().weaken()
                ? options.flags()
                : options.flags().plus(hidden.flags().and(INHERITED));
    }

    private Lifetime lifetime() {
        return resolved.request().terms().lifetime();
    }

    private Propagation propagation(Propagation usual) {
        return resolved.request().terms().propagation().orElse(usual);
    }

    private Ownership ownership(MountOptions options) {
        return new Ownership(
                options.mode().orElse(hidden.mode() & 03777),
                options.uid().orElse(hidden.uid()),
                options.gid().orElse(hidden.gid()));
    }

    private void requireFolder() throws Refusal {
        if (hidden.kind() != Fact.Kind.DIRECTORY) {
            throw resolved.refusal("it is not a folder");
        }
    }

    /** Refuses unless such a folder can be shown. */
    private void requireFolder(Ownership shown) throws Refusal {
        requireFolder();
        if (Sensitive.is(onto) && Sensitive.isLaxer(shown, hidden)) {
            throw resolved.refusal("more people could write to it (" + shown
                    + ") than to what root reads there; take mode, uid and gid out of options");
        }
    }

    @Override
    public Step privateDir(Directive.PrivateDir d) throws Refusal {
        Ownership shown = ownership(d.options());
        requireFolder(shown);
        requireOwner(shown);
        Optional<AbsPath> skel = Optional.empty();
        if (resolved.request().skel().isPresent()) {
            AbsPath named = resolved.request().skel().get();
            Fact.Present from = source(named);
            if (!from.rootOnly()) {
                throw resolved.refusal("somebody other than root can change the skel " + named
                        + " or a folder above it; let root own them, writable by root alone");
            }
            if (from.kind() != Fact.Kind.DIRECTORY) {
                throw resolved.refusal("the skel " + named + " is not a folder");
            }
            skel = Optional.of(from.resolved());
        }
        String key = d.sharedAs().isPresent() ? FolderKey.shared(d.sharedAs().get()) : FolderKey.of(onto);
        return new Step.PrivateFolder(
                resolved.origin(),
                onto,
                key,
                shown,
                skel,
                flags(d.options()),
                propagation(Propagation.PRIVATE),
                lifetime());
    }

    /** The user's private folders are kept under the user's number: one that is another's could not be told from a mix-up. */
    private void requireOwner(Ownership shown) throws Refusal {
        if (shown.uid() != 0 && shown.uid() != subject.uid()) {
            throw resolved.refusal("uid " + shown.uid() + " would own " + subject.user()
                    + "'s private folder; set uid=0 in options, or change who the rule is for");
        }
    }

    /** What the host has there. */
    private Fact.Present source(AbsPath source) throws Refusal {
        Fact fact = facts.at(source);
        if (fact instanceof Fact.Present present) {
            return present;
        }
        throw resolved.refusal(
                fact instanceof Fact.Unusable unusable
                        ? unusable.why()
                        : "there is nothing at " + source + "; create it, or take the rule out");
    }

    @Override
    public Step tmpfs(Directive.Tmpfs d) throws Refusal {
        Ownership shown = ownership(d.options());
        requireFolder(shown);
        return new Step.Tmpfs(
                resolved.origin(), onto, shown, d.options().size(), d.options().inodes(), flags(d.options()));
    }

    private void requireSameKind(Fact.Present from) throws Refusal {
        if (Ground.isFolder(from) != Ground.isFolder(hidden)) {
            throw resolved.refusal(
                    Ground.isFolder(from) ? "a folder cannot cover a file" : "a file cannot cover a folder");
        }
    }

    /** Refuses unless such a source can be shown there. */
    private void requireSource(AbsPath source, Fact.Present from) throws Refusal {
        requireSameKind(from);
        if (Sensitive.is(onto) && !from.rootOnly()) {
            throw resolved.refusal("root reads there, and somebody other than root can change " + source
                    + " or a folder above it; let root own them, writable by root alone");
        }
    }

    @Override
    public Step bind(Directive.Bind d) throws Refusal {
        AbsPath source = resolved.request().shown().get(0);
        Fact.Present from = source(source);
        requireSource(source, from);
        return new Step.Bind(
                resolved.origin(), from.resolved(), onto, flags(d.options()), propagation(Propagation.SLAVE));
    }

    @Override
    public Step hide(Directive.Hide d) {
        return new Step.Hide(resolved.origin(), onto, Ground.isFolder(hidden));
    }

    @Override
    public Step readOnly(Directive.ReadOnly d) {
        return new Step.ReadOnly(
                resolved.origin(), onto, d.options().flags().plus(MountFlags.RO), propagation(Propagation.SLAVE));
    }

    @Override
    public Step overlay(Directive.Overlay d) throws Refusal {
        Ownership shown = ownership(d.options());
        requireFolder(shown);
        if (d.kept()) {
            requireOwner(shown);
        }
        MountFlags flags = flags(d.options());
        List<AbsPath> lower = new ArrayList<>();
        for (AbsPath path : resolved.request().shown()) {
            Fact.Present from = source(path);
            // What the target itself has is there on the host, for whom it may.
            if (!d.lower().isEmpty()) {
                requireSource(path, from);
            }
            // A bind keeps the flags of the mount that it shows; an overlay has only its own.
            flags = flags.plus(from.flags().and(INHERITED));
            lower.add(from.resolved());
        }
        Optional<String> key = d.kept() ? Optional.of(FolderKey.changes(onto)) : Optional.empty();
        return new Step.Overlay(
                resolved.origin(),
                onto,
                lower,
                key,
                shown,
                d.options().size(),
                d.options().inodes(),
                flags,
                lifetime());
    }

    @Override
    public Step passThrough(Directive.PassThrough d) throws Refusal {
        Fact.Present from = source(resolved.request().target());
        requireSameKind(from);
        return new Step.PassThrough(
                resolved.origin(), from.resolved(), onto, flags(d.options()), propagation(Propagation.SLAVE));
    }

    @Override
    public Step run(Directive.Run d) {
        throw new IllegalStateException("a program has no target");
    }

    @Override
    public Step isolate(Directive.Isolate d) {
        throw new IllegalStateException("a namespace has no target");
    }

    @Override
    public Step volume(Directive.Volume d) {
        throw new IllegalStateException("no step is made for a volume");
    }

    @Override
    public Step proc(Directive.Proc d) throws Refusal {
        requireFolder();
        MountFlags usual = MountFlags.NOSUID.plus(MountFlags.NODEV).plus(MountFlags.NOEXEC);
        return new Step.Proc(
                resolved.origin(),
                onto,
                d.hidePid(),
                d.onlyPids(),
                flags(d.options()).plus(usual));
    }
}
