/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CASE_SECONDS = 60 };

static int passed, failed, skipped;
static bool case_failing;

/* Only in the sanitized build: memory that a case left behind fails the case. */
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

/* What the module logged, where the program has a stage. */
extern void stage_show(void) __attribute__((weak));

void tap_check(bool good, const char *text, const char *file, int line)
{
    if (good)
        return;
    case_failing = true;
    printf("#   %s:%d: not true: %s\n", file, line, text);
}

bool tap_failing(void) { return case_failing; }

void tap_case(const char *name, void (*run)(void))
{
    int status = 0;

    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        alarm(CASE_SECONDS);
        run();
        if (__lsan_do_recoverable_leak_check != NULL && __lsan_do_recoverable_leak_check() != 0)
            tap_check(false, "no memory leaks", name, 0);
        if (case_failing && stage_show != NULL)
            stage_show();
        fflush(stdout);
        _exit(case_failing ? 1 : 0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        abort();
    bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (WIFSIGNALED(status))
        printf("#   ended by signal %d\n", WTERMSIG(status));
    printf("%s - %s\n", good ? "ok" : "not ok", name);
    good ? passed++ : failed++;
}

void tap_skip(const char *name, const char *why)
{
    printf("skip - %s # %s\n", name, why);
    skipped++;
}

int tap_end(void)
{
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    fflush(stdout);
    return failed == 0 ? 0 : 1;
}
