// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** One change of the namespace; steps are carried out in order. Every path is resolved; nothing is left to decide. */
public sealed interface Step {

    Origin origin();

    /** The place of the change. */
    AbsPath onto();

    /** The change in one word: the one in rules, if rules have one. */
    String action();

    /** The change in words that follow "cannot": "bind /usr/lib32 on /usr/lib". */
    String describe();

    /** The rest of the change in words, for a table with {@link #action()} and {@link #onto()}. */
    String details();

    /** The flags of the mount that it adds there. */
    default MountFlags flags() {
        return MountFlags.NONE;
    }

    /** Whether later steps may make mount points in what it mounts, so that it becomes read-only last. */
    default boolean isFilledLater() {
        return false;
    }

    /** Whether it adds a mount there. */
    default boolean isMount() {
        return true;
    }

    <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X;

    /** @param <X> what a method may throw, or {@link RuntimeException} */
    interface Visitor<R, X extends Exception> {
        R create(Create s) throws X;

        R makeMountPoint(MakeMountPoint s) throws X;

        R privateFolder(PrivateFolder s) throws X;

        R bind(Bind s) throws X;

        R tmpfs(Tmpfs s) throws X;

        R hide(Hide s) throws X;

        R readOnly(ReadOnly s) throws X;

        R overlay(Overlay s) throws X;

        R passThrough(PassThrough s) throws X;

        R proc(Proc s) throws X;
    }

    /** The owner and the permission bits of a folder. */
    record Ownership(int mode, long uid, long gid) {
        @Override
        public String toString() {
            String octal = Integer.toOctalString(mode);
            return "0".repeat(Math.max(0, 4 - octal.length())) + octal + " " + uid + ":" + gid;
        }
    }

    /**
     * An empty folder or file on the host, where none existed. These steps are the first of a plan. Only root can
     * change the parent folder; what exists by now is used if it has that type.
     */
    record Create(Origin origin, AbsPath onto, boolean directory, Ownership ownership) implements Step {
        @Override
        public String action() {
            return "create";
        }

        @Override
        public String describe() {
            return "create " + onto;
        }

        @Override
        public String details() {
            return words(directory) + ownership;
        }

        @Override
        public boolean isMount() {
            return false;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.create(this);
        }
    }

    /** An empty folder or file inside something that an earlier step put there. */
    record MakeMountPoint(Origin origin, AbsPath onto, boolean directory, Ownership ownership) implements Step {
        @Override
        public String action() {
            return "make";
        }

        @Override
        public String describe() {
            return "make the mount point " + onto;
        }

        @Override
        public String details() {
            return words(directory) + ownership;
        }

        @Override
        public boolean isMount() {
            return false;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.makeMountPoint(this);
        }
    }

    /**
     * The private folder with that key, of the user or the session, made if it is missing.
     *
     * @param skel a folder of the host; a new private folder begins with its files, which get the new folder's owner
     *     and group
     */
    record PrivateFolder(
            Origin origin,
            AbsPath onto,
            String key,
            Ownership ownership,
            Optional<AbsPath> skel,
            MountFlags flags,
            Propagation propagation,
            Lifetime lifetime)
            implements Step {
        public PrivateFolder(
                Origin origin,
                AbsPath onto,
                String key,
                Ownership ownership,
                Optional<AbsPath> skel,
                MountFlags flags,
                Propagation propagation) {
            this(origin, onto, key, ownership, skel, flags, propagation, Lifetime.FOREVER);
        }

        public PrivateFolder(Origin origin, AbsPath onto, String key, Ownership ownership, MountFlags flags) {
            this(origin, onto, key, ownership, Optional.empty(), flags, Propagation.PRIVATE);
        }

        @Override
        public String action() {
            return "private";
        }

        @Override
        public String describe() {
            return "make " + onto + " private";
        }

        @Override
        public String details() {
            String from = skel.isPresent() ? " skel=" + skel.get() : "";
            String shared = key.startsWith("%") ? " in " + key : "";
            String kept = unlessUsual(propagation, Propagation.PRIVATE) + unlessForever(lifetime);
            return ownership + shared + from + flags.appended() + kept;
        }

        @Override
        public boolean isFilledLater() {
            return true;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.privateFolder(this);
        }
    }

    /** A folder or file of the host, as it was before the first step. */
    record Bind(Origin origin, AbsPath from, AbsPath onto, MountFlags flags, Propagation propagation) implements Step {
        public Bind(Origin origin, AbsPath from, AbsPath onto, MountFlags flags) {
            this(origin, from, onto, flags, Propagation.SLAVE);
        }

        @Override
        public String action() {
            return "bind";
        }

        @Override
        public String describe() {
            return "bind " + from + " on " + onto;
        }

        @Override
        public String details() {
            return "from " + from + flags.appended() + unlessUsual(propagation, Propagation.SLAVE);
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.bind(this);
        }
    }

    record Tmpfs(
            Origin origin, AbsPath onto, Ownership ownership, OptionalLong size, OptionalLong inodes, MountFlags flags)
            implements Step {
        @Override
        public String action() {
            return "tmpfs";
        }

        @Override
        public String describe() {
            return "put tmpfs on " + onto;
        }

        @Override
        public String details() {
            return ownership + limits(size, inodes) + flags.appended();
        }

        @Override
        public boolean isFilledLater() {
            return true;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.tmpfs(this);
        }
    }

    record Hide(Origin origin, AbsPath onto, boolean directory) implements Step {
        @Override
        public String action() {
            return "hide";
        }

        @Override
        public String describe() {
            return "hide " + onto;
        }

        @Override
        public String details() {
            return directory ? "folder" : "file";
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.hide(this);
        }
    }

    record ReadOnly(Origin origin, AbsPath onto, MountFlags flags, Propagation propagation) implements Step {
        public ReadOnly(Origin origin, AbsPath onto, MountFlags flags) {
            this(origin, onto, flags, Propagation.SLAVE);
        }

        @Override
        public String action() {
            return "readonly";
        }

        @Override
        public String describe() {
            return "make " + onto + " read-only";
        }

        @Override
        public String details() {
            return flags + unlessUsual(propagation, Propagation.SLAVE);
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.readOnly(this);
        }
    }

    /**
     * A stack of host folders, as they were before the first step; on top is a folder that takes the changes.
     *
     * @param lower topmost first, never empty
     * @param key of the private folder that keeps the changes; empty: they are in a tmpfs of that size
     * @param ownership of the topmost folder, which the view shows
     */
    record Overlay(
            Origin origin,
            AbsPath onto,
            List<AbsPath> lower,
            Optional<String> key,
            Ownership ownership,
            OptionalLong size,
            OptionalLong inodes,
            MountFlags flags,
            Lifetime lifetime)
            implements Step {
        public Overlay {
            lower = List.copyOf(lower);
        }

        public Overlay(
                Origin origin,
                AbsPath onto,
                List<AbsPath> lower,
                Optional<String> key,
                Ownership ownership,
                OptionalLong size,
                OptionalLong inodes,
                MountFlags flags) {
            this(origin, onto, lower, key, ownership, size, inodes, flags, Lifetime.FOREVER);
        }

        @Override
        public String action() {
            return "overlay";
        }

        @Override
        public String describe() {
            return "put an overlay on " + onto;
        }

        @Override
        public String details() {
            String layers = lower.stream().map(AbsPath::value).collect(Collectors.joining(", "));
            String upper = key.isPresent() ? " keep " : " discard ";
            return "of " + layers + upper + ownership + limits(size, inodes) + flags.appended()
                    + unlessForever(lifetime);
        }

        @Override
        public boolean isFilledLater() {
            return true;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.overlay(this);
        }
    }

    /** A folder, file or socket of the host, as it was before the first step, at its own path inside what hides it. */
    record PassThrough(Origin origin, AbsPath from, AbsPath onto, MountFlags flags, Propagation propagation)
            implements Step {
        @Override
        public String action() {
            return "passthrough";
        }

        @Override
        public String describe() {
            return "pass " + from + " through to " + onto;
        }

        @Override
        public String details() {
            return "from " + from + flags.appended() + unlessUsual(propagation, Propagation.SLAVE);
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.passThrough(this);
        }
    }

    /**
     * A fresh proc.
     *
     * @param onlyPids subset=pid of proc(5)
     */
    record Proc(Origin origin, AbsPath onto, Optional<HidePid> hidePid, boolean onlyPids, MountFlags flags)
            implements Step {
        @Override
        public String action() {
            return "proc";
        }

        @Override
        public String describe() {
            return "put proc on " + onto;
        }

        @Override
        public String details() {
            String hidden = hidePid.isPresent() ? "hidepid=" + hidePid.get().word() + " " : "";
            return hidden + (onlyPids ? "subset=pid " : "") + flags;
        }

        @Override
        public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
            return visitor.proc(this);
        }
    }

    private static String words(boolean directory) {
        return directory ? "folder " : "file ";
    }

    private static String limits(OptionalLong size, OptionalLong inodes) {
        return (size.isPresent() ? " size=" + size.getAsLong() : "")
                + (inodes.isPresent() ? " nr_inodes=" + inodes.getAsLong() : "");
    }

    private static String unlessForever(Lifetime lifetime) {
        return switch (lifetime.kind()) {
            case FOREVER -> "";
            case SESSION -> " per=session";
            case UNUSED, BOOT, LOGOUT -> " keep=" + lifetime;
        };
    }

    private static String unlessUsual(Propagation propagation, Propagation usual) {
        return propagation == usual ? "" : " propagation=" + propagation.name().toLowerCase(Locale.ROOT);
    }
}
