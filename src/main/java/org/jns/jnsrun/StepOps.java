// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.ArrayList;
import java.util.List;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Step;
import org.jns.recipe.Op;
import org.jns.recipe.Raw;

/**
 * Turns a plan into ops that the root of a user namespace can carry out. It refuses what needs the machine's root, or
 * what root keeps, because a view that lacks something would look complete.
 */
final class StepOps implements Step.Visitor<Op, Refused> {
    private static final int FIRST_SLOT = 3;
    private static final int LAST_SLOT = 63;

    private final List<Op> trees = new ArrayList<>();

    private StepOps() {}

    static List<Op> of(Plan plan) throws Refused {
        if (!plan.hooks().isEmpty()) {
            throw refused(plan.hooks().get(0).origin(), "programs of rules are run by root; run it in the command");
        }
        if (!plan.volumes().isEmpty()) {
            throw refused(plan.volumes().get(0).origin(), "volumes of rules are root's to mount; use --encfs");
        }
        if (!plan.spaces().isEmpty()) {
            throw refused(
                    plan.spaces().wanted().get(0).origin(),
                    "namespaces of rules are for sessions; use -i, -u, -n, -p, -C or -T");
        }
        StepOps ops = new StepOps();
        List<Op> rest = new ArrayList<>();
        for (Step step : plan.steps()) {
            rest.add(step.accept(ops));
        }
        List<Op> all = new ArrayList<>(ops.trees);
        all.addAll(rest);
        return all;
    }

    private static Refused refused(Origin origin, String why) {
        return new Refused("rule " + origin + ": " + why);
    }

    private static String path(AbsPath path) {
        return Raw.of(path.value());
    }

    private static String attributes(MountFlags flags) {
        int nosymfollow = flags.has(MountFlags.NOSYMFOLLOW) ? 0x200000 : 0;
        // The lower four are the kernel's numbers, mount_setattr(2).
        return Integer.toString(flags.bits() & 15 | nosymfollow);
    }

    @Override
    public Op create(Step.Create s) throws Refused {
        throw refused(
                s.origin(),
                "there is nothing at " + s.onto() + ", and only root creates it; make it yourself, or take create out");
    }

    @Override
    public Op makeMountPoint(Step.MakeMountPoint s) {
        return Op.of(
                "make",
                path(s.onto()),
                s.directory() ? "1" : "0",
                Integer.toString(s.ownership().mode()));
    }

    @Override
    public Op privateFolder(Step.PrivateFolder s) throws Refused {
        throw refused(
                s.origin(),
                "private folders are kept by root; take tmpfs instead, or ask root for the rule with enter = owner, and use --rule");
    }

    /** Shows the state before the first step. */
    private Op show(Step step, AbsPath from) throws Refused {
        int slot = FIRST_SLOT + trees.size();
        if (slot > LAST_SLOT) {
            throw refused(
                    step.origin(),
                    "it is one folder or file too many; a command can have " + (LAST_SLOT - FIRST_SLOT + 1)
                            + " shown by rules");
        }
        trees.add(Op.of("tree", Integer.toString(slot), path(from), attributes(step.flags())));
        return Op.of("attach", Integer.toString(slot), path(step.onto()));
    }

    @Override
    public Op bind(Step.Bind s) throws Refused {
        return show(s, s.from());
    }

    @Override
    public Op passThrough(Step.PassThrough s) throws Refused {
        return show(s, s.from());
    }

    @Override
    public Op tmpfs(Step.Tmpfs s) throws Refused {
        if (s.flags().has(MountFlags.RO)) {
            throw refused(s.origin(), "a tmpfs that is read-only is root's; take ro out of options");
        }
        String mode = Integer.toOctalString(s.ownership().mode());
        String size = s.size().isPresent() ? Long.toString(s.size().getAsLong()) : "";
        String inodes = s.inodes().isPresent() ? Long.toString(s.inodes().getAsLong()) : "";
        return Op.of("tmpfs", path(s.onto()), mode, size, inodes, attributes(s.flags()));
    }

    @Override
    public Op hide(Step.Hide s) {
        return Op.of("hide", path(s.onto()));
    }

    @Override
    public Op readOnly(Step.ReadOnly s) {
        return Op.of("restrict", path(s.onto()), attributes(s.flags()));
    }

    @Override
    public Op overlay(Step.Overlay s) throws Refused {
        throw refused(
                s.origin(),
                "overlays are root's; take bind or tmpfs, or ask root for the rule with enter = owner, and use --rule");
    }

    @Override
    public Op proc(Step.Proc s) throws Refused {
        throw refused(
                s.origin(),
                "an ordinary user can mount proc only for a new PID namespace; take the rule out, and use -p, -f and --mount-proc");
    }
}
