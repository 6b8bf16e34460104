// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jns.model.AbsPath;
import org.jns.model.Hook;
import org.jns.model.Lifetime;
import org.jns.model.MountFlags;
import org.jns.model.NamespaceKind;
import org.jns.model.Propagation;
import org.jns.model.Spaces;
import org.jns.model.Step;
import org.jns.model.Volume;

/** Describes steps in words for a table. */
final class StepWords {

    private StepWords() {}

    static String of(Step step) {
        return step.accept(new Step.Visitor<>() {
            @Override
            public String makeMountPoint(Step.MakeMountPoint s) {
                return (s.directory() ? "folder " : "file ") + s.ownership();
            }

            @Override
            public String instance(Step.Instance s) {
                String skel = s.skel().isPresent() ? " skel=" + s.skel().get() : "";
                String shared = s.key().startsWith("%") ? " in " + s.key() : "";
                return s.ownership() + shared + skel + flags(s.flags()) + unlessPrivate(s.propagation()) + unlessForever(s.lifetime());
            }

            @Override
            public String bind(Step.Bind s) {
                return "from " + s.from() + flags(s.flags()) + unlessSlave(s.propagation());
            }

            @Override
            public String tmpfs(Step.Tmpfs s) {
                return s.ownership() + limits(s.size(), s.inodes()) + flags(s.flags());
            }

            @Override
            public String hide(Step.Hide s) {
                return s.directory() ? "folder" : "file";
            }

            @Override
            public String readOnly(Step.ReadOnly s) {
                return s.flags() + unlessSlave(s.propagation());
            }

            @Override
            public String create(Step.Create s) {
                return (s.directory() ? "folder " : "file ") + s.ownership();
            }

            @Override
            public String overlay(Step.Overlay s) {
                String lower = s.lower().stream().map(AbsPath::value).collect(Collectors.joining(", "));
                String upper = s.key().isPresent() ? " keep" : " discard";
                return "of " + lower + upper + " " + s.ownership() + limits(s.size(), s.inodes()) + flags(s.flags()) + unlessForever(s.lifetime());
            }

            @Override
            public String passThrough(Step.PassThrough s) {
                return "from " + s.from() + flags(s.flags()) + unlessSlave(s.propagation());
            }

            @Override
            public String proc(Step.Proc s) {
                String hidePid = s.hidePid().isPresent() ? "hidepid=" + s.hidePid().get().word() + " " : "";
                return hidePid + (s.onlyPids() ? "subset=pid " : "") + s.flags();
            }
        });
    }

    /** How a program runs. */
    static String of(Hook hook) {
        String arguments = hook.arguments().isEmpty() ? "" : "(" + String.join(", ", hook.arguments()) + ") ";
        String time = hook.milliseconds() % 1000 == 0 ? hook.milliseconds() / 1000 + "s" : hook.milliseconds() + "ms";
        return arguments + "as " + (hook.asUser() ? "user" : "root") + " within " + time + (hook.required() ? "" : ", may fail");
    }

    /** The purpose of a namespace. */
    static String of(NamespaceKind kind, Spaces spaces) {
        return switch (kind) {
            case IPC -> "shared memory, semaphores and message queues of its own";
            case UTS -> spaces.hostname().isPresent() ? "the host name " + spaces.hostname().get() : "a host name of its own";
            case NET -> "a loopback interface and no other";
            case PID -> "processes of its own, and no others in /proc";
            case CGROUP -> "cgroups from its own on";
            case TIME -> "offsets of the clocks of its own";
            case MOUNT, USER -> throw new IllegalArgumentException(kind.word());
        };
    }

    /** How a volume is mounted. */
    static String of(Volume volume) {
        String what = volume.source().isPresent() ? "of " + volume.source().get() : "by " + String.join(", ", volume.command());
        String password = !volume.password() ? "" : volume.skippable() ? " with the password, else left out" : " with the password";
        String create = volume.create() ? ", made if missing" : "";
        return what + flags(volume.flags()) + password + " within " + volume.milliseconds() / 1000 + "s" + create
                + (volume.required() ? "" : ", may fail");
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
