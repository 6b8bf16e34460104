/* SPDX-License-Identifier: Apache-2.0 */
/* A process that waits for the command, where it cannot be the command itself, and is to be seen as little as possible. */
#include "child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

static struct sigaction child_action;

void signals_remember(void)
{
    sigaction(SIGCHLD, NULL, &child_action);
}

/* The mask is empty, whatever started us has blocked: nobody inside could tell why a signal does not arrive. */
void signals_restore(void)
{
    sigset_t none;

    sigaction(SIGCHLD, &child_action, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void child_prepare(void)
{
    sigset_t all;

    /* If it is ignored, children leave no status, waitid(2). */
    signal(SIGCHLD, SIG_DFL);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
}

_Noreturn void end_as(int status)
{
    if (WIFSIGNALED(status)) {
        struct rlimit none = { 0, 0 };
        int number = WTERMSIG(status);
        sigset_t it;

        /* The core is the command's. */
        setrlimit(RLIMIT_CORE, &none);
        signal(number, SIG_DFL);
        sigemptyset(&it);
        sigaddset(&it, number);
        sigprocmask(SIG_UNBLOCK, &it, NULL);
        kill(getpid(), number);
        /* Still here: process 1 of its PID namespace. */
        _exit(128 + number);
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_OURS);
}

void child_stop_self(void)
{
    kill(getpid(), SIGSTOP);
}

static bool is_for_child(const siginfo_t *info, enum passing passing)
{
    bool ends = info->si_signo == SIGINT || info->si_signo == SIGTERM;

    if (info->si_signo == SIGCHLD || info->si_signo == SIGCONT || passing == PASS_BLOCK)
        return false;
    return passing == PASS_SOME ? ends : info->si_code <= 0;
}

/* Those that are not waited for do what they do: sigwaitinfo(2) would take them, blocked or not. */
static sigset_t waited;

int child_wait(pid_t child, enum passing passing)
{
    int status;

    for (;;) {
        siginfo_t info;
        pid_t ended = waitpid(child, &status, WUNTRACED | WNOHANG);

        if (ended == child && WIFSTOPPED(status)) {
            child_stop_self();
            kill(child, SIGCONT);
        } else if (ended == child) {
            return status;
        } else if (ended < 0) {
            die("cannot wait for the command: %m");
        } else if (sigwaitinfo(&waited, &info) > 0) {
            /* Process 1 does not stop by the terminal's key, pid_namespaces(7); and we stop when it does. */
            if (info.si_signo == SIGTSTP && child_is_init())
                kill(child, SIGSTOP);
            else if (is_for_child(&info, passing))
                kill(child, info.si_signo);
        }
    }
}

/* For block and forward the others keep what they do, as with unshare(1). */
static void prepare(enum passing passing)
{
    sigset_t some;

    sigfillset(&waited);
    if (passing == PASS_ALL) {
        child_prepare();
        return;
    }
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&some);
    sigaddset(&some, SIGINT);
    sigaddset(&some, SIGTERM);
    sigaddset(&some, SIGCHLD);
    /* With the command, not before it: otherwise we would stop again when the command has been continued. */
    sigaddset(&some, SIGTSTP);
    sigprocmask(SIG_BLOCK, &some, NULL);
    waited = some;
}

/* fork WHEN PASSING SIGNAL: the rest is done by a child. WHEN: "always", or "pid" if a PID namespace was entered, in which children
 * alone are. PASSING: "all", "block" or "forward". SIGNAL: what the command gets if the parent dies, or 0. */
static void do_fork(struct start *s, const struct step *step)
{
    enum passing passing = strcmp(step->arg[1], "block") == 0 ? PASS_BLOCK : strcmp(step->arg[1], "forward") == 0 ? PASS_SOME : PASS_ALL;
    sigset_t before;

    if (strcmp(step->arg[0], "pid") == 0 && !s->entered_pid)
        return;
    s->kill_child = (int)step_number(step, 2);
    if (s->kill_child != 0 && (s->parent = (int)syscall(SYS_pidfd_open, getpid(), 0)) < 0)
        die("cannot find this process: %m");
    sigprocmask(SIG_SETMASK, NULL, &before);
    prepare(passing);
    pid_t child = fork();
    if (child < 0)
        die("cannot start a process: %m");
    if (child > 0) {
        say_pids(s, child);
        int status = child_wait(child, passing);
        services_end();
        end_as(status);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
}

const struct op ops_child[] = {
    { "fork", "ttn", do_fork },
    { NULL, NULL, NULL },
};
