// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.OptionalLong;

/** What is done to the namespace, one thing after another. Every path is resolved; nothing is left to decide. */
public sealed interface Step {

    Origin origin();

    /** Where the step puts something. */
    AbsPath onto();

    <R> R accept(Visitor<R> visitor);

    interface Visitor<R> {
        R makeMountPoint(MakeMountPoint s);

        R instance(Instance s);

        R bind(Bind s);

        R tmpfs(Tmpfs s);

        R hide(Hide s);

        R readOnly(ReadOnly s);
    }

    /** Who owns a folder, and with which permission bits. */
    record Ownership(int mode, long uid, long gid) {
        @Override
        public String toString() {
            return String.format("%04o %d:%d", mode, uid, gid);
        }
    }

    /** An empty folder or file inside something that an earlier step put there. */
    record MakeMountPoint(Origin origin, AbsPath onto, boolean directory, Ownership ownership) implements Step {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.makeMountPoint(this);
        }
    }

    /** The user's own folder of that key, made if it is not there. */
    record Instance(Origin origin, AbsPath onto, String key, Ownership ownership, MountFlags flags) implements Step {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.instance(this);
        }
    }

    /** A folder or file of the host, as it was before the first step. */
    record Bind(Origin origin, AbsPath from, AbsPath onto, MountFlags flags) implements Step {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.bind(this);
        }
    }

    record Tmpfs(Origin origin, AbsPath onto, Ownership ownership, OptionalLong size, OptionalLong inodes, MountFlags flags) implements Step {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.tmpfs(this);
        }
    }

    record Hide(Origin origin, AbsPath onto, boolean directory) implements Step {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.hide(this);
        }
    }

    record ReadOnly(Origin origin, AbsPath onto, MountFlags flags) implements Step {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.readOnly(this);
        }
    }
}
