// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.Plan;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.jns.model.Volume;

/** What a plan makes in memory alone: each view would have another one, unless one is handed on to the next. */
public final class InMemory {

    /**
     * One step that makes something in memory.
     *
     * @param what all that makes it what it is, wherever its rule is written: where the text is equal, one can stand for the other
     */
    public record Part(Step step, String what) {}

    private InMemory() {}

    /**
     * Those that can be handed on, in order. A volume is mounted on an empty folder alone: what such a folder lies in is made for each view.
     * So is what waits for the PID namespace.
     */
    public static List<Part> of(Plan plan) {
        List<Part> parts = new ArrayList<>();
        for (Step step : plan.earlySteps()) {
            String inside = inside(plan, step.onto());
            String what = "";
            if (step instanceof Step.Tmpfs tmpfs
                    && (inside.isEmpty() || isKeptFromUsers(tmpfs.ownership()) && isRootsInside(plan, step.onto()))) {
                what = what(step, tmpfs.ownership(), tmpfs.size(), tmpfs.inodes(), tmpfs.flags()) + inside;
            } else if (step instanceof Step.Overlay overlay && overlay.key().isEmpty() && inside.isEmpty()) {
                what = what(step, overlay.ownership(), overlay.size(), overlay.inodes(), overlay.flags())
                        + lower(overlay);
            }
            if (!what.isEmpty() && !hasVolume(plan, step.onto())) {
                parts.add(new Part(step, what));
            }
        }
        return parts;
    }

    /** A path has no line feed in it. */
    private static String what(
            Step step, Ownership ownership, OptionalLong size, OptionalLong inodes, MountFlags flags) {
        return step.action() + " " + step.onto() + "\n" + ownership + " size=" + size.orElse(-1) + " inodes="
                + inodes.orElse(-1) + " " + flags + "\n";
    }

    private static String lower(Step.Overlay overlay) {
        StringBuilder lower = new StringBuilder();
        for (AbsPath path : overlay.lower()) {
            lower.append("lower ").append(path).append('\n');
        }
        return lower.toString();
    }

    /**
     * Whether nobody can rename a folder in it that root owns. Otherwise the user could put a link in the place of a folder above a mount point, and
     * the next login would be refused.
     */
    private static boolean isKeptFromUsers(Ownership ownership) {
        return ownership.uid() == 0 && ((ownership.mode() & 0022) == 0 || (ownership.mode() & 01000) != 0);
    }

    /** The owner of a mount point may rename it, no matter who owns the folder around it. */
    private static boolean isRootsInside(Plan plan, AbsPath onto) {
        for (Step step : plan.steps()) {
            if (step instanceof Step.MakeMountPoint made
                    && made.onto().isBelow(onto)
                    && made.ownership().uid() != 0) {
                return false;
            }
        }
        return true;
    }

    /** What is mounted inside has its mount points there already. They must be of the kind that the new view mounts on. */
    private static String inside(Plan plan, AbsPath onto) {
        StringBuilder inside = new StringBuilder();
        for (Step step : plan.steps()) {
            if (step.onto().isBelow(onto)) {
                inside.append("inside ").append(step.action()).append(' ').append(step.onto());
                if (step instanceof Step.MakeMountPoint made) {
                    inside.append(made.directory() ? " folder " : " file ").append(made.ownership());
                }
                inside.append('\n');
            }
        }
        return inside.toString();
    }

    private static boolean hasVolume(Plan plan, AbsPath onto) {
        for (Volume volume : plan.volumes()) {
            if (volume.target().isAtOrBelow(onto)) {
                return true;
            }
        }
        return false;
    }
}
