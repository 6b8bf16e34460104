// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jns.linux.Syscalls;

/**
 * What the processes of the machine have in use, according to /proc, among the subjects of a question. Anything that
 * could not be found out counts as in use; but a doubt has only its own scope: if the time did not suffice for one
 * user's mount tables, only that user's private folders are in doubt.
 *
 * <p>Reasons: docs/decisions/43-folders-in-use.md
 *
 * @param users of those in the question, the ones that have a process, by any of its four uids
 * @param mounted {@code UID/FOLDER} of those in the question that some process's mount namespace shows; this includes
 *     the namespaces of other users, such as a login program's, and sandboxes made inside a session
 * @param namespaces of those in the question, the inodes of the mount and PID namespaces that some thread is in
 * @param sandboxed of those in the question, the users with a process in a mount namespace that the user owns
 */
public record InUse(
        Set<Long> users, Set<String> mounted, Set<Long> namespaces, Set<Long> sandboxed, List<Doubt> doubts) {

    public InUse {
        users = Set.copyOf(users);
        mounted = Set.copyOf(mounted);
        namespaces = Set.copyOf(namespaces);
        sandboxed = Set.copyOf(sandboxed);
        doubts = List.copyOf(doubts);
    }

    /**
     * A fact that could not be found out.
     *
     * @param owner the user whose mount namespace could not be read; empty: nothing is known about that process
     * @param pid the process
     * @param why in words
     */
    public record Doubt(OptionalLong owner, int pid, String why) {
        /** For the journal, and for answers. */
        @Override
        public String toString() {
            return owner.isPresent()
                    ? "cannot tell what uid " + owner.getAsLong() + " has mounted (pid " + pid + "): " + why
                            + "; private folders of that uid stay"
                    : "cannot tell what pid " + pid + " has in use: " + why + "; all views and private folders stay";
        }
    }

    /**
     * A question. A part that is left empty costs no time.
     *
     * @param namespaces inodes of mount and PID namespaces
     * @param owners by uid, who may have made mount namespaces from these
     * @param users by uid
     * @param folders {@code UID/FOLDER} of each, of these users
     * @param others inodes of mount namespaces that are known to show none of the folders
     */
    public record Question(
            Set<Long> namespaces, Set<Long> owners, Set<Long> users, Set<String> folders, Set<Long> others) {

        /**
         * Whether some thread is in one of these mount and PID namespaces, or in a mount namespace that one of these
         * users owns.
         */
        public static Question ofNamespaces(Set<Long> inodes, Set<Long> owners) {
            return new Question(inodes, owners, Set.of(), Set.of(), Set.of());
        }

        static Question ofFolders(Set<Long> users, Set<String> folders, Set<Long> others) {
            return new Question(Set.of(), Set.of(), users, folders, others);
        }
    }

    /**
     * Processes whose namespaces do not count.
     *
     * @param alone only these processes
     * @param families these processes and all their descendants
     */
    public record Except(Set<Integer> alone, Set<Integer> families) {
        public static final Except NOBODY = new Except(Set.of(), Set.of());
    }

    /** Looks at each process once. */
    public static InUse scan(Syscalls sys, Question question, Except except) {
        return new Scan(sys, question, except, System::nanoTime).result();
    }

    boolean hasProcess(long uid) {
        return users.contains(uid) || isUnknown();
    }

    /** Whether some thread is in the mount or PID namespace with that inode. */
    public boolean hasNamespace(long inode) {
        return namespaces.contains(inode) || isUnknown();
    }

    /**
     * Whether a process is in a mount namespace that this user has made, in a user namespace: a container or a sandbox.
     * It was made from one of the user's views, and shows the same folders.
     */
    public boolean hasSandbox(long uid) {
        return sandboxed.contains(uid) || isUnknown();
    }

    boolean isMounted(long uid, String folder) {
        return mounted.contains(uid + "/" + folder)
                || isUnknown()
                || doubtfulUsers().contains(uid);
    }

    private boolean isUnknown() {
        for (Doubt doubt : doubts) {
            if (doubt.owner().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private Set<Long> doubtfulUsers() {
        Set<Long> users = new HashSet<>();
        for (Doubt doubt : doubts) {
            doubt.owner().ifPresent(users::add);
        }
        return users;
    }
}
