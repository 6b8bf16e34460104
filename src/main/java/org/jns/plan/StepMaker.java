// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import org.jns.model.AbsPath;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.jns.model.Subject;

/** Makes the step of one wish, knowing what it will hide. */
final class StepMaker implements Directive.Visitor<Step> {
    /** Of what is hidden, these hold for what hides it too. Read-only does not: a private folder is there to be written to. */
    private static final MountFlags INHERITED =
            MountFlags.NOSUID.plus(MountFlags.NODEV).plus(MountFlags.NOEXEC).plus(MountFlags.NOSYMFOLLOW);

    private final Located located;
    private final AbsPath onto;
    private final Subject subject;
    private final Facts facts;
    private final Fact.Present hidden;
    private Refusal refusal;

    private StepMaker(Located located, Subject subject, Facts facts, Fact.Present hidden) {
        this.located = located;
        this.onto = located.target();
        this.subject = subject;
        this.facts = facts;
        this.hidden = hidden;
    }

    static Step make(Located located, Subject subject, Facts facts, Fact.Present hidden) throws Refusal {
        StepMaker maker = new StepMaker(located, subject, facts, hidden);
        Step step = located.wish().directive().accept(maker);
        if (maker.refusal != null) {
            throw maker.refusal;
        }
        return step;
    }

    /** Remembered, for a visitor's methods throw nothing that is checked. */
    private Step refuse(String why) {
        refusal = located.refusal(why);
        return null;
    }

    private MountFlags flags(MountOptions options) {
        return options.flags().plus(hidden.flags().and(INHERITED));
    }

    private Ownership ownership(MountOptions options) {
        return new Ownership(options.mode().orElse(hidden.mode() & 03777), options.uid().orElse(hidden.uid()), options.gid().orElse(hidden.gid()));
    }

    /** Null if such a folder can be shown. */
    private String complaintOfFolder(Ownership shown) {
        if (hidden.kind() != Fact.Kind.DIRECTORY) {
            return "it is not a folder";
        }
        if (Sensitive.is(onto) && Sensitive.isLaxer(shown, hidden)) {
            return "more people could write to it (" + shown + ") than to what root reads there; take mode, uid and gid out of options";
        }
        return null;
    }

    @Override
    public Step privateDir(Directive.PrivateDir d) {
        Ownership shown = ownership(d.options());
        String complaint = complaintOfFolder(shown);
        if (complaint != null) {
            return refuse(complaint);
        }
        // The user's private folders are kept under the user's number: one that is another's could not be told from a mix-up.
        if (shown.uid() != 0 && shown.uid() != subject.uid()) {
            return refuse("uid " + shown.uid() + " would own " + subject.user() + "'s private folder; set uid=0 in options, or change who the rule is for");
        }
        return new Step.Instance(located.origin(), onto, InstanceKey.of(onto), shown, flags(d.options()));
    }

    @Override
    public Step tmpfs(Directive.Tmpfs d) {
        Ownership shown = ownership(d.options());
        String complaint = complaintOfFolder(shown);
        return complaint != null
                ? refuse(complaint)
                : new Step.Tmpfs(located.origin(), onto, shown, d.options().size(), d.options().inodes(), flags(d.options()));
    }

    @Override
    public Step bind(Directive.Bind d) {
        AbsPath source = located.wish().source().orElseThrow();
        Fact fact = facts.at(source);
        if (fact instanceof Fact.Unusable unusable) {
            return refuse(unusable.why());
        }
        if (!(fact instanceof Fact.Present from)) {
            return refuse("there is nothing at " + source + "; create it, or take the rule out");
        }
        if (Ground.isFolder(from) != Ground.isFolder(hidden)) {
            return refuse(Ground.isFolder(from) ? "a folder cannot cover a file" : "a file cannot cover a folder");
        }
        if (Sensitive.is(onto) && !from.rootOnly()) {
            return refuse("root reads there, and somebody other than root can change " + source
                    + " or a folder above it; let root own them, writable by root alone");
        }
        return new Step.Bind(located.origin(), from.resolved(), onto, flags(d.options()));
    }

    @Override
    public Step hide(Directive.Hide d) {
        return new Step.Hide(located.origin(), onto, Ground.isFolder(hidden));
    }

    @Override
    public Step readOnly(Directive.ReadOnly d) {
        return new Step.ReadOnly(located.origin(), onto, d.options().flags().plus(MountFlags.RO));
    }

    @Override
    public Step overlay(Directive.Overlay d) {
        return refuse("this is not planned yet");
    }

    @Override
    public Step passThrough(Directive.PassThrough d) {
        return refuse("this is not planned yet");
    }

    @Override
    public Step proc(Directive.Proc d) {
        return refuse("this is not planned yet");
    }
}
