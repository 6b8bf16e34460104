// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.Lifetime;
import org.jns.model.MountFlags;
import org.jns.model.Origin;
import org.jns.model.Printable;
import org.jns.model.Spaces;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Verdict;
import org.jns.model.Volume;

/**
 * A path that a user sees differently from the host, or a different namespace.
 *
 * @param place a path, or a kind of namespace
 * @param words what the user finds there; a sentence after the place
 */
record Difference(String place, Origin origin, String words) {

    private static final String[][] FLAGS = {
        {"ro", "read-only"},
        {"nosuid", "no set-user-id programs"},
        {"nodev", "no devices"},
        {"noexec", "no programs"},
        {"nosymfollow", "no symbolic links followed"}
    };

    /** In the order of the plan; none for a login that is refused. */
    static List<Difference> all(Explanation explanation, Facts facts, AbsPath instances) {
        List<Difference> differences = new ArrayList<>();
        if (explanation.verdict() instanceof Verdict.View view) {
            for (Step step : view.plan().steps()) {
                String words = step.accept(new Words(explanation.subject(), instances, hostFlags(step.onto(), facts)));
                if (!words.isEmpty()) {
                    differences.add(new Difference(step.onto().value(), step.origin(), words));
                }
            }
            for (Volume volume : view.plan().volumes()) {
                differences.add(new Difference(
                        volume.target().value(),
                        volume.origin(),
                        words(volume, Printable.of(explanation.subject().user()))));
            }
            Spaces spaces = view.plan().spaces();
            for (Spaces.Wanted wanted : spaces.wanted()) {
                differences.add(
                        new Difference(wanted.kind().word(), wanted.origin(), "has " + spaces.details(wanted.kind())));
            }
        }
        return differences;
    }

    boolean isPath() {
        return place.startsWith("/");
    }

    private static String words(Volume volume, String user) {
        String of = volume.source().isPresent()
                ? "the " + volume.action() + " volume in " + volume.source().get()
                : "what " + volume.command().get(0) + " serves";
        String password = !volume.password()
                ? ""
                : volume.skippable() ? ", where the login has a password" : ", opened with the password";
        String readOnly = volume.flags().has(MountFlags.RO) ? ", read-only" : "";
        return "is " + of + ", for " + user + " alone" + password + readOnly;
    }

    /** Restrictions that the host has there already are no difference. */
    private static MountFlags hostFlags(AbsPath place, Facts facts) {
        for (Fact fact : facts.byPath().values()) {
            if (fact instanceof Fact.Present present && present.resolved().equals(place)) {
                return present.flags();
            }
        }
        return MountFlags.NONE;
    }

    /** Empty if the host sees the same. */
    private record Words(Subject subject, AbsPath instances, MountFlags host)
            implements Step.Visitor<String, RuntimeException> {

        private String user() {
            return Printable.of(subject.user());
        }

        /** The restrictions there that the host does not have; each with a comma before it. */
        private String tightened(MountFlags flags) {
            StringBuilder words = new StringBuilder();
            for (String[] flag : FLAGS) {
                MountFlags one = MountFlags.named(flag[0]);
                if (flags.has(one) && !host.has(one)) {
                    words.append(", ").append(flag[1]);
                }
            }
            return words.toString();
        }

        private static String limits(OptionalLong size, OptionalLong inodes) {
            return (size.isPresent() ? ", at most " + size(size.getAsLong()) : "")
                    + (inodes.isPresent() ? ", at most " + inodes.getAsLong() + " files" : "");
        }

        private static String size(long bytes) {
            String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
            int unit = 0;
            long number = bytes;
            while (unit + 1 < units.length && number % 1024 == 0 && number >= 1024) {
                number /= 1024;
                unit++;
            }
            return number + " " + units[unit];
        }

        @Override
        public String create(Step.Create s) {
            // It is created on the host.
            return "";
        }

        @Override
        public String makeMountPoint(Step.MakeMountPoint s) {
            // A later step covers it.
            return "";
        }

        @Override
        public String privateFolder(Step.PrivateFolder s) {
            String whose = s.lifetime().kind() == Lifetime.Kind.SESSION ? "the session" : user();
            return "is " + whose + "'s own folder (" + kept(s.key(), s.lifetime()) + ")" + tightened(s.flags());
        }

        private String kept(String key, Lifetime lifetime) {
            String own =
                    "kept in " + instances.child(Long.toString(subject.uid())).value();
            return switch (lifetime.kind()) {
                case FOREVER -> own + "/" + key;
                case UNUSED -> own + "/" + key + " until it is not used for " + lifetime;
                case LOGOUT -> own + "/" + key + " until the last logout";
                case BOOT -> own + " until the machine starts again";
                case SESSION -> own + " until the session ends";
            };
        }

        @Override
        public String bind(Step.Bind s) {
            return "shows " + s.from() + tightened(s.flags());
        }

        @Override
        public String tmpfs(Step.Tmpfs s) {
            return "is a folder in memory, empty at first and gone with the session" + limits(s.size(), s.inodes())
                    + tightened(s.flags());
        }

        @Override
        public String hide(Step.Hide s) {
            return "is hidden";
        }

        @Override
        public String readOnly(Step.ReadOnly s) {
            String tightened = tightened(s.flags());
            return tightened.isEmpty() ? "is the host's, read-only with all mounts in it" : "is the host's" + tightened;
        }

        @Override
        public String overlay(Step.Overlay s) {
            String lower = s.lower().stream().map(AbsPath::value).collect(Collectors.joining(" over "));
            String changes = s.key().isPresent() ? kept(s.key().get(), s.lifetime()) : "gone with the session";
            return "shows " + lower + ", with " + user() + "'s own changes (" + changes + ")"
                    + limits(s.size(), s.inodes()) + tightened(s.flags());
        }

        @Override
        public String passThrough(Step.PassThrough s) {
            return "is the host's, in a place that is not" + tightened(s.flags());
        }

        @Override
        public String proc(Step.Proc s) {
            String hidden = s.hidePid().isPresent()
                    ? ", other users' processes restricted (hidepid="
                            + s.hidePid().get().word() + ")"
                    : "";
            return "is a fresh proc" + hidden + (s.onlyPids() ? ", processes only" : "") + tightened(s.flags());
        }
    }
}
