// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.Optional;
import java.util.OptionalLong;
import org.jns.model.Space;

/** The system calls that tell of other processes. Each throws {@link SyscallException} on failure. */
public interface Processes {
    int SIGKILL = 9;
    int SIGTERM = 15;

    /** The uid that a process's session was begun by, whatever uid it has now, pam_loginuid(8); empty if it has none, or nobody can tell. */
    default OptionalLong loginUid(int pid) {
        return OptionalLong.empty();
    }

    /** Hundredths of a second since the machine was started, times of sleep included: the clock of a process's start in proc(5). */
    long sinceBoot();

    /** A handle that becomes ready to read when the process ends, pidfd_open(2); empty if there is none of that number. */
    Optional<Fd> process(int pid);

    /** Waits for the end of a process that {@link #process} gave a handle of; 0 does not wait. Whether it has ended. */
    boolean awaitEnd(Fd process, long milliseconds);

    /** Sends a signal, signal(7); does nothing if the process has ended. */
    void signal(Fd process, int signal);

    /** When the process was started, on the clock of {@link #sinceBoot}; empty if there is none of that number. */
    Optional<Long> started(int pid);

    /**
     * Who made the user namespace that a thread's mount namespace belongs to: the user outside of it, however many others lie between. Empty
     * if it is that of this process: nobody but root mounts there.
     *
     * @param thread as /proc names it: {@code PID} or {@code PID/task/TID}
     * @throws SyscallException if the thread has ended, too
     */
    OptionalLong ownerOfMounts(String thread);

    /**
     * The mount namespace of a process; empty if there is none of that number, or it is dead but for its parent. Of one whose first thread has
     * ended, that of another thread.
     */
    Optional<Fd> namespaceOf(int pid);

    /** The namespace of another kind of a process; empty if there is none of that number, or it is dead but for its parent. */
    Optional<Fd> namespaceOf(int pid, Space kind);
}
