/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "child.h"
#include "ops.h"
#include "service.h"

/* Prints what -v shows of a command that is a child, if -v was given. */
static void say_pids(const struct start *s, pid_t child)
{
    if (s->says_pids)
        complain("parent %d, child %d%s", (int)getpid(), (int)child, s->entered_pid ? ", which is 1 in its own PID namespace" : "");
}

/* fork WHEN PASSING SIGNAL: a child carries out the rest. WHEN: "always", or "pid" if a PID namespace was entered, because only children
 * are in it. PASSING: "all", "block" or "forward". SIGNAL: what the command gets if the parent dies, or 0. */
static void op_fork(struct start *s, const struct step *step)
{
    enum passing passing = strcmp(step->arg[1], "block") == 0 ? PASS_BLOCK : strcmp(step->arg[1], "forward") == 0 ? PASS_SOME : PASS_ALL;
    sigset_t before;

    if (strcmp(step->arg[0], "pid") == 0 && !s->entered_pid)
        return;
    s->kill_child = (int)step_number(step, 2);
    if (s->kill_child != 0 && (s->parent = (int)syscall(SYS_pidfd_open, getpid(), 0)) < 0)
        die("cannot find this process: %m");
    sigprocmask(SIG_SETMASK, NULL, &before);
    child_expect(passing);
    pid_t child = fork();
    if (child < 0)
        die("cannot start a process: %m");
    if (child > 0) {
        say_pids(s, child);
        int status = child_wait(child, passing, s->new_pid);
        if (status < 0)
            die("cannot wait for the command: %m");
        services_end(s);
        end_as(status);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* say-pids WHEN: "fork", when the command is a child; or "now", if it is none. */
static void op_say_pids(struct start *s, const struct step *step)
{
    s->says_pids = strcmp(step->arg[0], "fork") == 0;
    if (!s->says_pids)
        complain("the command is process %d", (int)getpid());
}

const struct op ops_fork[] = {
    { "fork", "ttn", op_fork },
    { "say-pids", "t", op_say_pids },
    { NULL, NULL, NULL },
};
