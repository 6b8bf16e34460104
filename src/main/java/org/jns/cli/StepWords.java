// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jns.model.AbsPath;
import org.jns.model.Hook;
import org.jns.model.Lifetime;
import org.jns.model.MountFlags;
import org.jns.model.Propagation;
import org.jns.model.Step;

/** A step in words for a table: what is done, and with what. */
record StepWords(String action, String with) {

    static StepWords of(Step step) {
        return step.accept(new Step.Visitor<>() {
            @Override
            public StepWords makeMountPoint(Step.MakeMountPoint s) {
                return new StepWords("make", (s.directory() ? "folder " : "file ") + s.ownership());
            }

            @Override
            public StepWords instance(Step.Instance s) {
                String skel = s.skel().isPresent() ? " skel=" + s.skel().get() : "";
                String shared = s.key().startsWith("%") ? " in " + s.key() : "";
                return new StepWords(
                        "private",
                        s.ownership() + shared + skel + flags(s.flags()) + unlessPrivate(s.propagation()) + unlessForever(s.lifetime()));
            }

            @Override
            public StepWords bind(Step.Bind s) {
                return new StepWords("bind", "from " + s.from() + flags(s.flags()) + unlessSlave(s.propagation()));
            }

            @Override
            public StepWords tmpfs(Step.Tmpfs s) {
                return new StepWords("tmpfs", s.ownership() + limits(s.size(), s.inodes()) + flags(s.flags()));
            }

            @Override
            public StepWords hide(Step.Hide s) {
                return new StepWords("hide", s.directory() ? "folder" : "file");
            }

            @Override
            public StepWords readOnly(Step.ReadOnly s) {
                return new StepWords("readonly", s.flags() + unlessSlave(s.propagation()));
            }

            @Override
            public StepWords create(Step.Create s) {
                return new StepWords("create", (s.directory() ? "folder " : "file ") + s.ownership());
            }

            @Override
            public StepWords overlay(Step.Overlay s) {
                String lower = s.lower().stream().map(AbsPath::value).collect(Collectors.joining(", "));
                String upper = s.key().isPresent() ? " keep" : " discard";
                return new StepWords("overlay", "of " + lower + upper + " " + s.ownership() + limits(s.size(), s.inodes()) + flags(s.flags()) + unlessForever(s.lifetime()));
            }

            @Override
            public StepWords passThrough(Step.PassThrough s) {
                return new StepWords("passthrough", "from " + s.from() + flags(s.flags()) + unlessSlave(s.propagation()));
            }

            @Override
            public StepWords proc(Step.Proc s) {
                String hidePid = s.hidePid().isPresent() ? "hidepid=" + s.hidePid().get().word() + " " : "";
                return new StepWords("proc", hidePid + (s.onlyPids() ? "subset=pid " : "") + s.flags());
            }
        });
    }

    /** With what a program is run. */
    static String of(Hook hook) {
        String arguments = hook.arguments().isEmpty() ? "" : "(" + String.join(", ", hook.arguments()) + ") ";
        String time = hook.milliseconds() % 1000 == 0 ? hook.milliseconds() / 1000 + "s" : hook.milliseconds() + "ms";
        return arguments + "as " + (hook.asUser() ? "user" : "root") + " within " + time + (hook.required() ? "" : ", may fail");
    }

    private static String flags(MountFlags flags) {
        return flags.isEmpty() ? "" : " " + flags;
    }

    private static String limits(OptionalLong size, OptionalLong inodes) {
        return (size.isPresent() ? " size=" + size.getAsLong() : "") + (inodes.isPresent() ? " nr_inodes=" + inodes.getAsLong() : "");
    }

    private static String unlessForever(Lifetime lifetime) {
        return switch (lifetime.kind()) {
            case FOREVER -> "";
            case SESSION -> " per=session";
            case UNUSED, BOOT, LOGOUT -> " keep=" + lifetime;
        };
    }

    private static String unlessPrivate(Propagation propagation) {
        return propagation == Propagation.PRIVATE ? "" : " propagation=slave";
    }

    private static String unlessSlave(Propagation propagation) {
        return propagation == Propagation.SLAVE ? "" : " propagation=private";
    }
}
