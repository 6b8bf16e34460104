/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_HELPER_H
#define JNS_START_HELPER_H

#include <sys/types.h>

/* A process that stays in the old namespaces, and does one job when it is told. */
struct helper {
    pid_t process, maker;
    int tell, result;
};
typedef void helper_job(const void *what, pid_t of);

void helper_start(struct helper *helper, helper_job *job, const void *what);
/* Tells the helper, and waits until the job is done; dies if it failed. */
void helper_tell(struct helper *helper);

#endif
