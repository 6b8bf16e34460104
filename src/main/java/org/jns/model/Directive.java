// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;
import java.util.Optional;

/** What a rule asks for, independent of the subject. */
public sealed interface Directive {

    List<PathTemplate> targets();

    /** The paths where something of it is visible: its targets, including those without a step. */
    default List<PathTemplate> places() {
        return targets();
    }

    MountOptions options();

    /** The host paths, apart from the targets, that it shows or copies. */
    default List<PathTemplate> sources() {
        return List.of();
    }

    /**
     * What it does to one of its targets, in words that follow "cannot": "bind /usr/lib32 on /usr/lib".
     *
     * @param shown the paths of the host that the target shows, topmost first
     */
    String describe(AbsPath target, List<AbsPath> shown);

    <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X;

    /** @param <X> what a method may throw, or {@link RuntimeException} */
    interface Visitor<R, X extends Exception> {
        R privateDir(PrivateDir d) throws X;

        R bind(Bind d) throws X;

        R tmpfs(Tmpfs d) throws X;

        R hide(Hide d) throws X;

        R readOnly(ReadOnly d) throws X;

        R overlay(Overlay d) throws X;

        R passThrough(PassThrough d) throws X;

        R proc(Proc d) throws X;

        R run(Run d) throws X;

        R volume(Volume d) throws X;

        R isolate(Isolate d) throws X;
    }

    /**
     * A private folder, kept below /var/lib/jns, in place of each target.
     *
     * @param skel a folder whose files are copied into a new one
     * @param sharedAs the name under which targets and rules share one folder
     */
    record PrivateDir(
            List<PathTemplate> targets, MountOptions options, Optional<PathTemplate> skel, Optional<String> sharedAs)
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
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "make private " + target;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
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
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "bind " + shown.get(0) + " on " + target;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.bind(this);
        }
    }

    /** A new tmpfs. */
    record Tmpfs(List<PathTemplate> targets, MountOptions options) implements Directive {
        public Tmpfs {
            targets = List.copyOf(targets);
        }

        @Override
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "put tmpfs on " + target;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.tmpfs(this);
        }
    }

    /** An empty folder or file that nobody may read. */
    record Hide(List<PathTemplate> targets, MountOptions options) implements Directive {
        public Hide {
            targets = List.copyOf(targets);
        }

        @Override
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "hide " + target;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.hide(this);
        }
    }

    /** The target itself and all mounts below it, read-only. */
    record ReadOnly(List<PathTemplate> targets, MountOptions options) implements Directive {
        public ReadOnly {
            targets = List.copyOf(targets);
        }

        @Override
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "make read-only " + target;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.readOnly(this);
        }
    }

    /**
     * A stack of folders, with the session's changes kept apart from them.
     *
     * @param lower topmost first; none: the target itself
     * @param kept whether the changes are kept for the user's next login; else they are in a tmpfs
     */
    record Overlay(List<PathTemplate> targets, MountOptions options, List<PathTemplate> lower, boolean kept)
            implements Directive {
        public Overlay {
            targets = List.copyOf(targets);
            lower = List.copyOf(lower);
        }

        @Override
        public List<PathTemplate> sources() {
            return lower;
        }

        @Override
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "put an overlay on " + target;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.overlay(this);
        }
    }

    /** The host's file or folder, inside what another rule has put on the folders above. */
    record PassThrough(List<PathTemplate> targets, MountOptions options) implements Directive {
        public PassThrough {
            targets = List.copyOf(targets);
        }

        @Override
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "pass " + target + " through";
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.passThrough(this);
        }
    }

    /**
     * A fresh proc.
     *
     * @param onlyPids whether it contains only the processes
     */
    record Proc(List<PathTemplate> targets, MountOptions options, Optional<HidePid> hidePid, boolean onlyPids)
            implements Directive {
        public Proc {
            targets = List.copyOf(targets);
        }

        @Override
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "put proc on " + target;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.proc(this);
        }
    }

    /** A program that runs in the view after all mounts. It mounts nothing, and has no targets. */
    record Run(PathTemplate program, List<ArgumentTemplate> arguments, int milliseconds, boolean asUser)
            implements Directive {
        public Run {
            arguments = List.copyOf(arguments);
        }

        boolean uses(PathTemplate.Variable variable) {
            return program.variables().contains(variable)
                    || arguments.stream().anyMatch(a -> a.parts().contains(new PathTemplate.Reference(variable)));
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
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "run " + program;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.run(this);
        }
    }

    /**
     * A file system that a user's program serves at the target after all mounts. Source and target may be in folders
     * that the user can change at any time: the daemon looks at neither, so they are not sources and targets of a step.
     *
     * @param flags of its mount
     * @param idleMinutes after which the program ends by itself; 0: never
     * @param program empty if the kind determines it
     * @param password whether the program gets the user's password
     * @param skippable whether a login without a password gets a view without it
     * @param create whether a missing source and target are made
     */
    record Volume(
            Kind kind,
            PathTemplate target,
            Optional<PathTemplate> source,
            MountFlags flags,
            int idleMinutes,
            Optional<PathTemplate> program,
            List<ArgumentTemplate> arguments,
            boolean password,
            boolean skippable,
            boolean create,
            int milliseconds)
            implements Directive {
        public Volume {
            arguments = List.copyOf(arguments);
        }

        /** The names in rules, in lower case. */
        public enum Kind {
            ENCFS,
            GOCRYPTFS,
            FUSE
        }

        boolean uses(PathTemplate.Variable variable) {
            return target.variables().contains(variable)
                    || source.filter(path -> path.variables().contains(variable))
                            .isPresent()
                    || program.filter(path -> path.variables().contains(variable))
                            .isPresent()
                    || arguments.stream().anyMatch(a -> a.parts().contains(new PathTemplate.Reference(variable)));
        }

        @Override
        public List<PathTemplate> targets() {
            return List.of();
        }

        @Override
        public List<PathTemplate> places() {
            return List.of(target);
        }

        @Override
        public MountOptions options() {
            return MountOptions.NONE;
        }

        @Override
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "mount a volume on " + this.target;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.volume(this);
        }
    }

    /**
     * Namespaces of kinds other than mnt. It has no targets.
     *
     * @param hostname of the uts namespace, if the session has another than the host's
     */
    record Isolate(List<NamespaceKind> kinds, Optional<String> hostname) implements Directive {
        public Isolate {
            kinds = List.copyOf(kinds);
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
        public String describe(AbsPath target, List<AbsPath> shown) {
            return "make namespaces";
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.isolate(this);
        }
    }
}
