// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;
import java.util.Optional;

/** What a rule wishes, before it is known for whom. */
public sealed interface Directive {

    List<PathTemplate> targets();

    MountOptions options();

    /** What else of the host it shows or copies. */
    default List<PathTemplate> sources() {
        return List.of();
    }

    <R> R accept(Visitor<R> visitor);

    interface Visitor<R> {
        R privateDir(PrivateDir d);

        R bind(Bind d);

        R tmpfs(Tmpfs d);

        R hide(Hide d);

        R readOnly(ReadOnly d);

        R overlay(Overlay d);

        R passThrough(PassThrough d);

        R proc(Proc d);

        R run(Run d);
    }

    /**
     * A folder of the user's own, kept below /var/lib/jns, in place of each target.
     *
     * @param skel a folder whose files are copied into a new one
     * @param sharedAs the name by which targets and rules show one folder instead of one each
     */
    record PrivateDir(List<PathTemplate> targets, MountOptions options, Optional<PathTemplate> skel, Optional<String> sharedAs)
            implements Directive {
        public PrivateDir {
            targets = List.copyOf(targets);
        }

        public PrivateDir(List<PathTemplate> targets, MountOptions options) {
            this(targets, options, Optional.empty(), Optional.empty());
        }

        @Override
        public List<PathTemplate> sources() {
            return skel.map(List::of).orElse(List.of());
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.privateDir(this);
        }
    }

    /** One folder over another, or one file over another. */
    record Bind(PathTemplate source, List<PathTemplate> targets, MountOptions options) implements Directive {
        public Bind {
            targets = List.copyOf(targets);
        }

        @Override
        public List<PathTemplate> sources() {
            return List.of(source);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.bind(this);
        }
    }

    /** A fresh file system in memory. */
    record Tmpfs(List<PathTemplate> targets, MountOptions options) implements Directive {
        public Tmpfs {
            targets = List.copyOf(targets);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.tmpfs(this);
        }
    }

    /** An empty folder or file that nobody may read. */
    record Hide(List<PathTemplate> targets, MountOptions options) implements Directive {
        public Hide {
            targets = List.copyOf(targets);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.hide(this);
        }
    }

    /** The target itself and all mounts below it, read-only. */
    record ReadOnly(List<PathTemplate> targets, MountOptions options) implements Directive {
        public ReadOnly {
            targets = List.copyOf(targets);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.readOnly(this);
        }
    }

    /**
     * Folders one over the other, with what the session changes kept apart from them.
     *
     * @param lower topmost first; none: the target itself
     * @param kept whether the changes are kept for the user's next login; else they are in memory
     */
    record Overlay(List<PathTemplate> targets, MountOptions options, List<PathTemplate> lower, boolean kept) implements Directive {
        public Overlay {
            targets = List.copyOf(targets);
            lower = List.copyOf(lower);
        }

        @Override
        public List<PathTemplate> sources() {
            return lower;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.overlay(this);
        }
    }

    /** What the host has there, in the midst of what another rule has put on the folders above. */
    record PassThrough(List<PathTemplate> targets, MountOptions options) implements Directive {
        public PassThrough {
            targets = List.copyOf(targets);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.passThrough(this);
        }
    }

    /**
     * A fresh proc.
     *
     * @param onlyPids whether it has the processes and nothing else
     */
    record Proc(List<PathTemplate> targets, MountOptions options, Optional<HidePid> hidePid, boolean onlyPids) implements Directive {
        public Proc {
            targets = List.copyOf(targets);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.proc(this);
        }
    }

    /** A program that is run in the view when all is mounted. It mounts nothing, and has no targets. */
    record Run(PathTemplate program, List<ArgumentTemplate> arguments, int milliseconds, boolean asUser) implements Directive {
        public Run {
            arguments = List.copyOf(arguments);
        }

        boolean uses(PathTemplate.Variable variable) {
            return program.variables().contains(variable) || arguments.stream().anyMatch(a -> a.parts().contains(new PathTemplate.Reference(variable)));
        }

        @Override
        public List<PathTemplate> targets() {
            return List.of();
        }

        @Override
        public MountOptions options() {
            return MountOptions.NONE;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.run(this);
        }
    }
}
