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

/**
 * Finds the steps of a plan that make a tmpfs: each view would have a different one, unless it is shared with the next.
 */
public final class InMemory {

    /**
     * A step that makes a tmpfs.
     *
     * @param what everything that defines it, independent of the place of its rule: two with equal texts are
     *     interchangeable
     */
    public record Part(Step step, String what) {}

    private InMemory() {}

    /**
     * The tmpfs mounts that can be shared, in order. A volume is mounted only on an empty folder, so what contains such
     * a folder is made for each view. So is what waits for the PID namespace.
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

    /** A path contains no line feed. */
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
     * Whether users cannot rename a root-owned folder in it. Otherwise the user could put a link in the place of a
     * folder above a mount point, and the next login would be refused.
     */
    private static boolean isKeptFromUsers(Ownership ownership) {
        return ownership.uid() == 0 && ((ownership.mode() & 0022) == 0 || (ownership.mode() & 01000) != 0);
    }

    /** The owner of a mount point may rename it, no matter who owns the parent folder. */
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

    /** The mounts inside have their mount points already. These must have the type that the new view mounts on. */
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
