/* SPDX-License-Identifier: Apache-2.0 */
#include "reset.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { KERNEL_SIGNALS = 64, USUAL_FILES = 1024 };

/* By system call: sigaction(3) refuses the two signals that glibc keeps for itself, and a JVM that inherits them as ignored has threads
 * that it cannot signal. An action of zeros is SIG_DFL on every processor. */
void reset_signals(void)
{
    static const unsigned long standard[8];
    sigset_t none;

    for (int s = 1; s <= KERNEL_SIGNALS; s++)
        syscall(SYS_rt_sigaction, s, standard, NULL, (size_t)KERNEL_SIGNALS / 8);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A user may have started the daemon by su, with the limits of a shell, and a JVM raises the limit of open files. The limit of processes
 * stays: the limit of a shell does no harm there, and it stops a program that starts too many. */
bool reset_limits(void)
{
    static const int lifted[] = { RLIMIT_FSIZE, RLIMIT_CPU, RLIMIT_AS, RLIMIT_DATA };
    const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY }, byte = { 1, 1 }, zero = { 0, 0 };
    struct rlimit files, own;

    /* As far as possible: in a container root may have to keep to a hard limit. */
    for (size_t i = 0; i < sizeof lifted / sizeof *lifted; i++)
        if (setrlimit((__rlimit_resource_t)lifted[i], &none) < 0 && getrlimit((__rlimit_resource_t)lifted[i], &own) == 0) {
            own.rlim_cur = own.rlim_max;
            setrlimit((__rlimit_resource_t)lifted[i], &own);
        }
    /* If the kernel pipes dumps to a program, a limit of 0 does not stop them, but a limit of one byte does; no dump is as small,
     * core(5). */
    if ((setrlimit(RLIMIT_CORE, &byte) < 0 && setrlimit(RLIMIT_CORE, &zero) < 0) || getrlimit(RLIMIT_NOFILE, &files) < 0)
        return false;
    files.rlim_cur = files.rlim_max < USUAL_FILES ? files.rlim_max : USUAL_FILES;
    return setrlimit(RLIMIT_NOFILE, &files) == 0;
}
