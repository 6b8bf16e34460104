/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_ONCE_H
#define JNS_ONCE_H

#include <stdbool.h>
#include <sys/types.h>

#include "trouble.h"

/* A daemon for one login, and the minder process between it and the login program. */
struct once {
    int connection;
    int control;
    pid_t minder;
};

/* Starts PROGRAM --once. -1 with *T when that cannot be done. The connection is the caller's to close. */
int once_start(const char *program, struct once *o, struct trouble *t);

/* To be asked after the answer: whether the daemon runs in the cgroup of its caller, because it could not leave it. */
bool once_is_in_cgroup(const struct once *o);

/* Ends the minder, and leaves the daemon running; init becomes its parent. */
void once_release(struct once *o);

/* Kills the daemon with its process group, then ends the minder. */
void once_kill(struct once *o);

#endif
