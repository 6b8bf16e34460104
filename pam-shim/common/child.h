/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_CHILD_H
#define JNS_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* The one way in which programs of jns wait for a command. */

/* What a process does with signals while it waits for the command. */
enum passing {
    PASS_ALL,   /* a signal from a process goes to the command; a signal from the terminal reaches the command without this process */
    PASS_BLOCK, /* SIGINT and SIGTERM do nothing, as with unshare(1) */
    PASS_SOME,  /* SIGINT and SIGTERM go to the command, from any sender */
};

/* Blocks every signal that can be blocked, and gives SIGCHLD its default action. */
void child_prepare(void);

/* Called before the command is started, so that no signal to pass on comes too early. */
void child_expect(enum passing passing);

/* Waits until the child ends, and stops and continues with it. Its status, as of waitpid(2); or -1 and errno. IS_INIT: it is process 1 of
 * its PID namespace. */
int child_wait(pid_t child, enum passing passing, bool is_init);

/* Stops this process as a shell would, and returns when it is continued. */
void child_stop_self(void);

/* Ends this process as the child ended: with its exit status, or by its signal. */
_Noreturn void end_as(int wait_status);

#endif
