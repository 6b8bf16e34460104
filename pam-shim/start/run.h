/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_RUN_H
#define JNS_START_RUN_H

#include <stdbool.h>
#include <sys/types.h>

#include "ops.h"

/* What the ops of jnsrun have in common. */

/* A file below /proc/self, whatever the root has become; or -1. HOW: O_WRONLY or O_RDWR. */
int own_proc_open(const char *name, int how);
/* Whether the next child is process 1 of a PID namespace of its own. */
bool child_is_init(void);

/* The folder /proc as it was at the first unshare. */
void hold_proc(void);

/* A process that stays as it was before the namespaces were made, and does one thing when it is told. */
struct helper {
    pid_t process, maker;
    int tell, result;
};
typedef void helper_job(const void *what, pid_t of);

void helper_start(struct helper *helper, helper_job *job, const void *what);
/* Waits until it is done; dies if it was not. */
void helper_tell(struct helper *helper);

/* What was started to serve the command goes with it: called by the process that waits for the command, when that has ended. */
void services_end(void);
bool services_any(void);

/* What -v shows of a command that is a child, if it was asked for. */
void say_pids(const struct start *s, pid_t child);

#endif
