// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.Optional;
import java.util.OptionalLong;
import org.jns.model.NamespaceKind;

/** The system calls about other processes. Each throws {@link SyscallException} on failure. */
public interface Processes {
    int SIGKILL = 9;
    int SIGTERM = 15;

    /**
     * The uid that began a process's session, whatever uid the process has now, pam_loginuid(8); empty if it has none,
     * or that cannot be read.
     */
    default OptionalLong loginUid(int pid) {
        return OptionalLong.empty();
    }

    /**
     * Hundredths of a second since the machine was started, including times of sleep: the clock of a process's start
     * time in proc(5).
     */
    long sinceBoot();

    /** A pidfd, which becomes readable when the process ends, pidfd_open(2); empty if no process has that number. */
    Optional<Fd> process(int pid);

    /** Waits for the end of a process that {@link #process} returned; 0 does not wait. Returns whether it has ended. */
    boolean awaitEnd(Fd process, long milliseconds);

    /** Sends a signal, signal(7); does nothing if the process has ended. */
    void signal(Fd process, int signal);

    /** When the process was started, on the clock of {@link #sinceBoot}; empty if no process has that number. */
    Optional<Long> started(int pid);

    /**
     * The maker of the user namespace that owns a thread's mount namespace: the user outside of all nested ones. Empty
     * if it is this process's user namespace, where only root mounts.
     *
     * @param thread named like in /proc: {@code PID} or {@code PID/task/TID}
     * @throws SyscallException also if the thread has ended
     */
    OptionalLong ownerOfMounts(String thread);

    /**
     * The mount namespace of a process; empty if no process has that number, or it is a zombie. If its first thread has
     * ended, that of another thread.
     */
    Optional<Fd> namespaceOf(int pid);

    /** The namespace of another kind of a process; empty if no process has that number, or it is a zombie. */
    Optional<Fd> namespaceOf(int pid, NamespaceKind kind);
}
