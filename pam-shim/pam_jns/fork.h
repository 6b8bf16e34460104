/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_FORK_H
#define JNS_FORK_H

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* The login program must not notice that it had a child: sudo, sshd and others have handlers for SIGCHLD, or ignore
 * it. A child that clone(2) makes with exit signal 0 sends nothing, is not reaped behind our back when SIGCHLD is
 * ignored, and is found by no wait(2) without __WALL.
 *
 * Such a child is a copy of a program that may have threads: its locks may be held by threads that do not exist here. Only
 * system calls may follow in it, and wrappers that take no lock (signal-safety(7)). */
static inline pid_t raw_fork(unsigned long exit_signal)
{
    /* Everything but the flags is 0, so that the order of the rest, which differs among processors, does not matter. */
    return (pid_t)syscall(SYS_clone, exit_signal, 0UL, 0UL, 0UL, 0UL);
}

#endif
