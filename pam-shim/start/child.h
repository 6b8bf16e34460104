/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_CHILD_H
#define JNS_START_CHILD_H

#include <signal.h>
#include <sys/types.h>

/* What a process does with signals while it waits for the command. */
enum passing {
    PASS_ALL,   /* whatever somebody sends it goes to the command; what the terminal sends, the command has got itself */
    PASS_BLOCK, /* SIGINT and SIGTERM do nothing, as with unshare(1) */
    PASS_SOME,  /* SIGINT and SIGTERM go to the command, whoever sends them */
};

/* Every signal that can be blocked is from now on; SIGCHLD has its default. */
void child_prepare(void);

/* Waits until the child ends, and stops and continues with it. */
int child_wait(pid_t child, enum passing passing);

/* Stops this process as a shell would, and returns when it is continued. */
void child_stop_self(void);

#endif
