// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** What is at a path before anything is mounted. */
public sealed interface Fact {

    /** Nothing exists there. */
    record Missing() implements Fact {}

    /** A path that jns cannot use or refuses to follow, with the reason in words. */
    record Unusable(String why) implements Fact {}

    /**
     * @param resolved the path with the links of trusted folders followed
     * @param mode permission bits, with set-id and sticky bits
     * @param flags of the mount that contains it
     * @param rootOnly whether only root can change the file and every folder on the way to it; known only for sources
     */
    record Present(AbsPath resolved, Kind kind, int mode, long uid, long gid, MountFlags flags, boolean rootOnly)
            implements Fact {}

    enum Kind {
        DIRECTORY,
        FILE,
        OTHER
    }
}
