/* SPDX-License-Identifier: Apache-2.0 */
/* A process that waits for the command if it cannot become the command. Users should notice as little of it as possible. */
#include "child.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO_STATUS = 125 };

void child_prepare(void)
{
    sigset_t all;

    /* If SIGCHLD is ignored, children leave no status, waitid(2). */
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

        /* The core dump belongs to the command. */
        setrlimit(RLIMIT_CORE, &none);
        signal(number, SIG_DFL);
        sigemptyset(&it);
        sigaddset(&it, number);
        sigprocmask(SIG_UNBLOCK, &it, NULL);
        kill(getpid(), number);
        /* If the signal did not end this process, it is process 1 of its PID namespace. */
        _exit(128 + number);
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : NO_STATUS);
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

/* The signals to wait for. Other signals keep their action: sigwaitinfo(2) would take them, blocked or not. With PASS_BLOCK and PASS_SOME
 * most signals keep it, as with unshare(1). */
static sigset_t waited_for(enum passing passing)
{
    sigset_t waited;

    if (passing == PASS_ALL) {
        sigfillset(&waited);
        return waited;
    }
    sigemptyset(&waited);
    sigaddset(&waited, SIGINT);
    sigaddset(&waited, SIGTERM);
    sigaddset(&waited, SIGCHLD);
    /* To stop with the command, not before it: otherwise this process would stop again after the command has been continued. */
    sigaddset(&waited, SIGTSTP);
    return waited;
}

void child_expect(enum passing passing)
{
    sigset_t waited = waited_for(passing);

    if (passing == PASS_ALL) {
        child_prepare();
        return;
    }
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_BLOCK, &waited, NULL);
}

int child_wait(pid_t child, enum passing passing, bool is_init)
{
    sigset_t waited = waited_for(passing);
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
            return -1;
        } else if (sigwaitinfo(&waited, &info) > 0) {
            /* Process 1 does not stop when the terminal sends the signal, pid_namespaces(7); and this process stops when the command
             * does. */
            if (info.si_signo == SIGTSTP && is_init)
                kill(child, SIGSTOP);
            else if (is_for_child(&info, passing))
                kill(child, info.si_signo);
        }
    }
}
