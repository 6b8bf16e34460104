// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** What is at a path, seen before anything is mounted. */
public sealed interface Fact {

    /** Nothing there. */
    record Missing() implements Fact {}

    /** Something that jns will not go through or cannot use, with the reason in words. */
    record Unusable(String why) implements Fact {}

    /**
     * @param resolved the path with the links of trusted folders followed
     * @param mode permission bits, with set-id and sticky bits
     * @param flags those of the mount it is on
     * @param rootOnly whether root alone can change what the path leads to: every folder on the way and the thing itself; known for
     *     sources only
     */
    record Present(AbsPath resolved, Kind kind, int mode, long uid, long gid, MountFlags flags, boolean rootOnly)
            implements Fact {}

    enum Kind {
        DIRECTORY,
        FILE,
        OTHER
    }
}
