/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_CHILD_H
#define JNS_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* The one way in which programs of jns wait for a command. */

/* What a process does with signals while it waits for the command. */
enum passing {
    PASS_ALL,   /* whatever somebody sends it goes to the command; what the terminal sends, the command has got itself */
    PASS_BLOCK, /* SIGINT and SIGTERM do nothing, as with unshare(1) */
    PASS_SOME,  /* SIGINT and SIGTERM go to the command, whoever sends them */
};

/* Every signal that can be blocked is from now on; SIGCHLD has its default. */
void child_prepare(void);

/* Before the command is started: what is to be passed on cannot come too early. */
void child_expect(enum passing passing);

/* Waits until the child ends, and stops and continues with it. Its status, as of waitpid(2); or -1 and errno. IS_INIT: it is process 1 of
 * its PID namespace. */
int child_wait(pid_t child, enum passing passing, bool is_init);

/* Stops this process as a shell would, and returns when it is continued. */
void child_stop_self(void);

/* Ends as the child did: with its exit status, or by its signal. */
_Noreturn void end_as(int wait_status);

#endif
