/* SPDX-License-Identifier: Apache-2.0 */
#include "reap.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"
#include "fd.h"

enum { KILL_MS = 100, LOOK_MS = 5 };

enum state { RUNS, ENDED, LOST };

/* Without a pidfd, for which there may be no free descriptor, it polls. LOST: another thread of the login program has waited for the child,
 * and another process may have its number by now. */
static enum state await(pid_t child, int pidfd, int ms, int *status)
{
    struct pollfd p = { .fd = pidfd, .events = POLLIN };
    struct timespec until = deadline_after_ms(ms);

    for (;;) {
        int left = deadline_left_ms(&until);

        pid_t found = waitpid(child, status, __WALL | WNOHANG);
        if (found == child)
            return ENDED;
        if (found < 0 && errno == ECHILD)
            return LOST;
        if (left == 0)
            return RUNS;
        poll(&p, 1, pidfd < 0 && left > LOOK_MS ? LOOK_MS : left);
    }
}

bool reap(pid_t child, int ms, int *status)
{
    int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
    enum state state = await(child, pidfd, ms, status);

    if (state == RUNS) {
        kill(child, SIGKILL);
        await(child, pidfd, KILL_MS, status);
    }
    fd_close(&pidfd);
    return state == ENDED;
}
