/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_FORK_H
#define JNS_FORK_H

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* The login program must not notice that it had a child: sudo, sshd and others have handlers for SIGCHLD, or ignore it. A child that
 * clone(2) makes with exit signal 0 sends no signal, the kernel does not reap it if SIGCHLD is ignored, and no wait(2) finds it without
 * __WALL. Such a child is a copy of a program that may have threads: its locks may be held by threads that do not exist in the copy. Only
 * system calls may follow in it, and wrappers that take no lock (signal-safety(7)). */
static inline pid_t raw_fork(unsigned long exit_signal)
{
    /* All arguments except the flags are 0, so the order of the others, which differs among processors, does not matter. */
    return (pid_t)syscall(SYS_clone, exit_signal, 0UL, 0UL, 0UL, 0UL);
}

#endif
