// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.Processes;

/**
 * A process that is remembered: the one that opened a session, or one that a view needs. Numbers are given away again; but a process of
 * that number that was started after it was seen is another one.
 *
 * @param pid 0 if it is not known: the process is in another PID namespace
 * @param seen hundredths of a second since the machine was started
 */
public record Leader(int pid, long seen) {

    /**
     * A handle that becomes ready to read when the leader ends; empty if it has ended.
     *
     * @throws org.jns.linux.SyscallException if the kernel does not tell
     */
    public Optional<Fd> watch(Processes processes) {
        Optional<Fd> handle = processes.process(pid);
        // In this order: what the handle is of by now is what is asked about, unless it has ended.
        if (handle.isPresent() && processes.started(pid).filter(started -> started <= seen).isEmpty()) {
            handle.get().close();
            return Optional.empty();
        }
        return handle;
    }
}
