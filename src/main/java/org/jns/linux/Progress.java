// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/**
 * What one thread asks that may never answer: a path on some file system, or the user database. The thread says so before it asks; another
 * one watches. No thread can be called back from a file system that hangs, so the next one must not follow it. Written by one thread.
 */
public final class Progress {
    /** Asked by way of nsswitch.conf(5). */
    public static final String USERS = "the user database";

    private static final String NOTHING = "";

    private final Hanging hanging;
    private boolean urgent;
    private String at = NOTHING;
    /** Written behind the rest, and so read before it. */
    private volatile int moves;

    public Progress(Hanging hanging) {
        this.hanging = hanging;
    }

    /** For a thread that nobody watches. */
    public static Progress unwatched() {
        return new Progress(new Hanging());
    }

    /**
     * @param isUrgent whether what is done next must not hang even once: root's login
     */
    public void begin(boolean isUrgent) {
        urgent = isUrgent;
        done();
    }

    /**
     * The thread is about to ask.
     *
     * @param what an absolute path as the mount table would have it, or {@link #USERS}
     * @throws NotAnswering if others hang there
     */
    public void at(String what) {
        hanging.check(what, urgent);
        at = what;
        moves++;
    }

    /** It has its answer, and asks nothing. */
    public void done() {
        at = NOTHING;
        moves++;
    }

    /** Changes whenever the thread goes on. */
    public int moves() {
        return moves;
    }

    /** Empty if it asks nothing. Of the time that {@link #moves} told, if that is the same afterwards. */
    public String what() {
        return moves == 0 ? NOTHING : at;
    }
}
