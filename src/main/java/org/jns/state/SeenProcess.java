// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.Processes;

/**
 * A process that is remembered: the one that opened a session, or one that a view needs. Pids are reused; but a process
 * with that pid that started after the recorded time is another one.
 *
 * @param pid 0 if it is not known: the process is in another PID namespace
 * @param seen when it was last seen, in hundredths of a second since the machine was started
 */
public record SeenProcess(int pid, long seen) {

    /**
     * A pidfd that becomes readable when the leader ends; empty if it has ended.
     *
     * @throws org.jns.linux.SyscallException if the kernel does not tell
     */
    public Optional<Fd> watch(Processes processes) {
        Optional<Fd> handle = processes.process(pid);
        // The order matters: the process is checked after the pidfd is open, so both are about the same process unless
        // it has ended.
        if (handle.isPresent()
                && processes.started(pid).filter(started -> started <= seen).isEmpty()) {
            handle.get().close();
            return Optional.empty();
        }
        return handle;
    }
}
