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
final class StepOps implements Step.Visitor<Void> {
    private static final int FIRST_SLOT = 3;
    private static final int LAST_SLOT = 63;

    private final List<Op> trees = new ArrayList<>();
    private final List<Op> rest = new ArrayList<>();
    private String refusal;

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
        for (Step step : plan.steps()) {
            step.accept(ops);
            if (ops.refusal != null) {
                throw refused(step.origin(), ops.refusal);
            }
        }
        List<Op> all = new ArrayList<>(ops.trees);
        all.addAll(ops.rest);
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

    private Void refuse(String why) {
        refusal = why;
        return null;
    }

    private Void add(String word, String... arguments) {
        rest.add(Op.of(word, arguments));
        return null;
    }

    @Override
    public Void create(Step.Create s) {
        return refuse(
                "there is nothing at " + s.onto() + ", and only root creates it; make it yourself, or take create out");
    }

    @Override
    public Void makeMountPoint(Step.MakeMountPoint s) {
        return add(
                "make",
                path(s.onto()),
                s.directory() ? "1" : "0",
                Integer.toString(s.ownership().mode()));
    }

    @Override
    public Void instance(Step.Instance s) {
        return refuse(
                "private folders are kept by root; take tmpfs instead, or ask root for the rule with enter = owner, and use --rule");
    }

    /** The state before the first step. */
    private Void show(AbsPath from, AbsPath onto, MountFlags flags) {
        int slot = FIRST_SLOT + trees.size();
        if (slot > LAST_SLOT) {
            return refuse("it is one folder or file too many; a command can have " + (LAST_SLOT - FIRST_SLOT + 1)
                    + " shown by rules");
        }
        trees.add(Op.of("tree", Integer.toString(slot), path(from), attributes(flags)));
        return add("attach", Integer.toString(slot), path(onto));
    }

    @Override
    public Void bind(Step.Bind s) {
        return show(s.from(), s.onto(), s.flags());
    }

    @Override
    public Void passThrough(Step.PassThrough s) {
        return show(s.from(), s.onto(), s.flags());
    }

    @Override
    public Void tmpfs(Step.Tmpfs s) {
        if (s.flags().has(MountFlags.RO)) {
            return refuse("a tmpfs that is read-only is root's; take ro out of options");
        }
        String mode = Integer.toOctalString(s.ownership().mode());
        String size = s.size().isPresent() ? Long.toString(s.size().getAsLong()) : "";
        String inodes = s.inodes().isPresent() ? Long.toString(s.inodes().getAsLong()) : "";
        return add("tmpfs", path(s.onto()), mode, size, inodes, attributes(s.flags()));
    }

    @Override
    public Void hide(Step.Hide s) {
        return add("hide", path(s.onto()));
    }

    @Override
    public Void readOnly(Step.ReadOnly s) {
        return add("restrict", path(s.onto()), attributes(s.flags()));
    }

    @Override
    public Void overlay(Step.Overlay s) {
        return refuse(
                "overlays are root's; take bind or tmpfs, or ask root for the rule with enter = owner, and use --rule");
    }

    @Override
    public Void proc(Step.Proc s) {
        return refuse(
                "an ordinary user can mount proc only for a new PID namespace; take the rule out, and use -p, -f and --mount-proc");
    }
}
