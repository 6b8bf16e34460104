// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/**
 * The question that one thread currently asks and that may never be answered: a path on some file system, or the user
 * database. The thread reports it before it asks; another thread watches. A thread in a hanging file system cannot be
 * interrupted, so further threads must not follow it. Written by one thread.
 */
public final class Progress {
    /** Asked through nsswitch.conf(5). */
    public static final String USERS = "the user database";

    private static final String NOTHING = "";

    private final Hanging hanging;
    private boolean urgent;
    private String at = NOTHING;
    /** Written after the other fields, and so read before them. */
    private volatile int moves;

    public Progress(Hanging hanging) {
        this.hanging = hanging;
    }

    /** For a thread that is not watched. */
    public static Progress unwatched() {
        return new Progress(new Hanging());
    }

    /** @param isUrgent whether the next work must not hang even once: a login of root */
    public void begin(boolean isUrgent) {
        urgent = isUrgent;
        done();
    }

    /**
     * The thread is about to ask.
     *
     * @param what an absolute path in the form of the mount table, or {@link #USERS}
     * @throws NotAnswering if others hang there
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only this thread counts
    public void at(String what) {
        hanging.check(what, urgent);
        at = what;
        moves++;
    }

    /** The thread has its answer, and asks nothing. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only this thread counts
    public void done() {
        at = NOTHING;
        moves++;
    }

    /** Changes whenever the thread makes progress. */
    public int moves() {
        return moves;
    }

    /**
     * The current question; empty if there is none. Valid for the value of {@link #moves} read before, if that is the
     * same afterwards.
     */
    public String what() {
        return moves == 0 ? NOTHING : at;
    }
}
