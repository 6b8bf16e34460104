// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.Optional;
import org.jns.model.Directive;
import org.jns.model.NamespaceKind;

/** A feature of the kernel that rules need. */
enum Ability {
    PRIVATE,
    BIND,
    TMPFS,
    HIDE,
    READ_ONLY,
    OVERLAY_KEPT,
    OVERLAY_DISCARDED,
    PROC,
    FUSE,
    IPC,
    UTS,
    NET,
    PID,
    CGROUP,
    TIME;

    static Ability of(NamespaceKind kind) {
        return switch (kind) {
            case IPC -> IPC;
            case UTS -> UTS;
            case NET -> NET;
            case PID -> PID;
            case CGROUP -> CGROUP;
            case TIME -> TIME;
            case MOUNT, USER -> throw new IllegalArgumentException(kind.word());
        };
    }

    /** The kind of namespace, if it is one. */
    Optional<NamespaceKind> space() {
        for (NamespaceKind kind : NamespaceKind.VIEW_KINDS) {
            if (of(kind) == this) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** For all directives except isolate, which needs several. */
    static final class OfDirective implements Directive.Visitor<Optional<Ability>, RuntimeException> {
        @Override
        public Optional<Ability> privateDir(Directive.PrivateDir d) {
            return Optional.of(PRIVATE);
        }

        @Override
        public Optional<Ability> bind(Directive.Bind d) {
            return Optional.of(BIND);
        }

        @Override
        public Optional<Ability> tmpfs(Directive.Tmpfs d) {
            return Optional.of(TMPFS);
        }

        @Override
        public Optional<Ability> hide(Directive.Hide d) {
            return Optional.of(HIDE);
        }

        @Override
        public Optional<Ability> readOnly(Directive.ReadOnly d) {
            return Optional.of(READ_ONLY);
        }

        @Override
        public Optional<Ability> overlay(Directive.Overlay d) {
            return Optional.of(d.kept() ? OVERLAY_KEPT : OVERLAY_DISCARDED);
        }

        @Override
        public Optional<Ability> passThrough(Directive.PassThrough d) {
            return Optional.of(BIND);
        }

        @Override
        public Optional<Ability> proc(Directive.Proc d) {
            return Optional.of(PROC);
        }

        @Override
        public Optional<Ability> run(Directive.Run d) {
            return Optional.empty();
        }

        @Override
        public Optional<Ability> volume(Directive.Volume d) {
            return Optional.of(FUSE);
        }

        @Override
        public Optional<Ability> isolate(Directive.Isolate d) {
            return Optional.empty();
        }
    }
}
