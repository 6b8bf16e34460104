// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/** What a rule wishes, before it is known for whom. */
public sealed interface Directive {

    List<PathTemplate> targets();

    MountOptions options();

    <R> R accept(Visitor<R> visitor);

    interface Visitor<R> {
        R privateDir(PrivateDir d);

        R bind(Bind d);

        R tmpfs(Tmpfs d);

        R hide(Hide d);

        R readOnly(ReadOnly d);
    }

    /** A folder of the user's own, kept below /var/lib/jns, in place of each target. */
    record PrivateDir(List<PathTemplate> targets, MountOptions options) implements Directive {
        public PrivateDir {
            targets = List.copyOf(targets);
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
}
