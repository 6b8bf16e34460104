/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_REAP_H
#define JNS_REAP_H

#include <stdbool.h>
#include <sys/types.h>

/* Waits MS milliseconds for a child of raw_fork(0), then kills it and waits a little longer. True if it has ended by itself, with *STATUS
 * as of waitpid(2). A child that even SIGKILL does not end, because it waits for a dead file server or is frozen, stays as a child that
 * nobody waits for. */
bool reap(pid_t child, int ms, int *status);

#endif
